"""The stock ledger is tried in the lamp factory's book."""

from tests.support.shops import sqlite_shop, sqlite_template

__all__ = ["sqlite_shop", "sqlite_template"]
