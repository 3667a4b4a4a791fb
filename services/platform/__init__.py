"""What every area stands on: database, transactions, audit chain, numbering, messages."""
