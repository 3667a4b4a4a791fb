"""Windows of master data, and the look-ups that all windows use."""
