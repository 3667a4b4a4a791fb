"""The stock is looked at in the lamp factory, on both databases."""

from tests.support.shops import postgres_shop, postgres_template, shop, sqlite_shop, sqlite_template

__all__ = ["postgres_shop", "postgres_template", "shop", "sqlite_shop", "sqlite_template"]
