"""What a period cost: values of stock, of orders and of what they made."""
