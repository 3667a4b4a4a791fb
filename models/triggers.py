"""Triggers that keep ledgers append-only and closed periods closed, for both databases."""

from __future__ import annotations

APPEND_ONLY = ("stock_move", "wip_move", "audit_event")
DATED = ("stock_move", "wip_move")


def statements(dialect: str) -> list[str]:
    """The DDL that installs every trigger on a fresh schema."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    made = []
    for table in APPEND_ONLY:
        for event in ("update", "delete"):
            made.append(
                f"create trigger {table}_no_{event} before {event} on {table} "
                f"begin select raise(abort, 'append-only: {table}'); end"
            )
    for table in DATED:
        made.append(
            f"create trigger {table}_open_period before insert on {table} "
            f"when exists (select 1 from period where period = substr(new.move_date, 1, 7) and closed = 1) "
            f"begin select raise(abort, 'closed period: {table}'); end"
        )
    return made


def _postgresql() -> list[str]:
    made = [
        (
            "create function refuse_change() returns trigger language plpgsql as "
            "$$ begin raise exception 'append-only: %', tg_table_name; end $$"
        ),
        (
            "create function refuse_closed_period() returns trigger language plpgsql as "
            "$$ begin if exists (select 1 from period where period = to_char(new.move_date, 'YYYY-MM') and closed = 1) "
            "then raise exception 'closed period: %', tg_table_name; end if; return new; end $$"
        ),
    ]
    for table in APPEND_ONLY:
        made.append(
            f"create trigger {table}_append_only before update or delete on {table} "
            f"for each row execute function refuse_change()"
        )
    for table in DATED:
        made.append(
            f"create trigger {table}_open_period before insert on {table} "
            f"for each row execute function refuse_closed_period()"
        )
    return made
