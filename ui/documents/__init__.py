"""Generic pages of declared documents and records: list, document window, master form."""
