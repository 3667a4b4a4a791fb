"""An insert that says what to do when its row is there already, in the words of the database at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as ServerInsert
    from sqlalchemy.dialects.sqlite import Insert as FileInsert


def insert_into(table: Table, dialect: str) -> FileInsert | ServerInsert:
    """The insert of a dialect. That of PostgreSQL, with all its drivers, is loaded only where one is worked on."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as file_insert

        return file_insert(table)
    from sqlalchemy.dialects.postgresql import insert as server_insert

    return server_insert(table)
