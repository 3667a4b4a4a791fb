"""Windows around paper: form templates, printers, labels."""
