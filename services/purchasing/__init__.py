"""Purchase orders and receipts."""
