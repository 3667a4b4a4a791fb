"""Production orders, picking, returns and product receipts."""
