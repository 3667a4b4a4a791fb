"""What is stored, and the value types everybody shares."""
