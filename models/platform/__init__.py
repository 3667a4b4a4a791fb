"""Platform tables: settings, number series, periods, audit chain."""
