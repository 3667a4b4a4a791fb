"""Sales orders, forecasts and deliveries."""
