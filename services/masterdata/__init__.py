"""Master data: units, warehouses, partners, items, substitutes, calendar, parameters."""
