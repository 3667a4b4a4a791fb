"""生产: production orders, pick lists, returns and receipts."""
