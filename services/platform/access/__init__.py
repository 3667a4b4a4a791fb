"""Rights: what may be allowed, which roles the program knows, and what a user of the book may do."""
