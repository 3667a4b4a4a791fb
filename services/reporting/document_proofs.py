"""Proofs of the document spine: I11 chain quantities, I12 roll-ups, I13 posted documents, I14 reversals, I15 numbers, I16 periods."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, and_, case, exists, func, or_, select

from models.documents.tables import doc, doc_line, doc_link, material_line
from models.kernel.numbers import MONEY_PLACES, ZERO, round_down, round_half_up
from models.ledgers.tables import stock_move, wip_move
from models.masterdata.tables import item, unit
from models.platform.tables import audit_event, number_series, period
from services.documents.types import Route, registry
from services.platform.parameters import load as load_parameters
from services.reporting import past_parameters
from services.reporting.proofs import Found, collect, offending, rows_of

HUNDRED = Decimal(100)


def chain_within_limits(conn: Connection) -> Found:
    """I11: what later documents executed of a line is not negative and not above the tolerance.

    The tolerance is the highest that was ever in force: lowering it later does not break what was right (domain §10).
    What the system drew by itself follows from a receipt that was limited, and is left out of the upper limit.
    """
    limits = _limits(conn)
    target = doc.alias("t")
    quantity = doc_line.c.done.type
    by_hand = case((target.c.system_made == True, 0), else_=doc_link.c.quantity)  # noqa: E712 SQL expression
    executed = (
        select(
            doc_link.c.source_line_id, target.c.type, func.sum(doc_link.c.quantity, type_=quantity).label("q"),
            func.sum(by_hand, type_=quantity).label("by_hand"),
        )
        .join(target, target.c.id == doc_link.c.target_doc_id)
        .where(doc_link.c.kind == "execute")
        .group_by(doc_link.c.source_line_id, target.c.type)
        .subquery()
    )  # fmt: skip
    query = (
        select(
            doc.c.number, doc.c.type, doc_line.c.role, doc_line.c.line_no, item.c.code, unit.c.decimals,
            executed.c.type.label("target"), doc_line.c.quantity, executed.c.q, executed.c.by_hand,
        )
        .join_from(executed, doc_line, doc_line.c.id == executed.c.source_line_id)
        .join(doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .where((executed.c.by_hand > doc_line.c.quantity) | (executed.c.q < 0))
        .order_by(doc.c.number, doc_line.c.role, doc_line.c.line_no)
    )  # fmt: skip
    wrong = []
    for row in conn.execute(query):
        percent = limits.get((row.target, row.type, row.role))
        limit = None if percent is None else round_down(row.quantity * (HUNDRED + percent) / HUNDRED, row.decimals)
        if row.q < 0 or (limit is not None and row.by_hand > limit):
            figures = {"item": row.code, "ordered": row.quantity, "executed": row.q, "limit": limit, "by": row.target}
            wrong.append((f"{row.number} {row.role} {row.line_no}", figures))
    return Found(rows_of(conn, doc_link), collect(wrong))


def _limits(conn: Connection) -> dict[tuple[str, str, str], Decimal | None]:
    """Target type, source type, role -> percentage that may be exceeded; None where there is no limit."""
    now, past = load_parameters(conn), past_parameters.read(conn)

    def percent(route: Route) -> Decimal | None:
        if not route.limited:
            return None
        allowed = not route.allow or now.flag(route.allow) or "yes" in past.words(route.allow)
        if not allowed:
            return ZERO
        values = [now.number(route.tolerance), *past.numbers(route.tolerance)] if route.tolerance else [ZERO]
        return None if route.allow and ZERO in values else max(values)

    return {(kind.code, route.source, route.role): percent(route) for kind in registry for route in kind.routes}


def rolled_up(conn: Connection) -> Found:
    """I12: done, supplement and returned are the sums of their links, and the stored closing is the computed one."""
    quantity = doc_line.c.done.type
    sums = (
        select(
            doc_link.c.source_line_id,
            func.sum(case((doc_link.c.kind == "execute", doc_link.c.quantity), else_=0), type_=quantity).label("done"),
            func.sum(case((doc_link.c.kind == "supplement", doc_link.c.quantity), else_=0), type_=quantity).label(
                "more"
            ),
            func.sum(case((doc_link.c.quantity < 0, -doc_link.c.quantity), else_=0), type_=quantity).label("back"),
        )
        .group_by(doc_link.c.source_line_id)
        .subquery()
    )
    done = func.coalesce(sums.c.done, 0, type_=quantity)
    more, back = func.coalesce(sums.c.more, 0, type_=quantity), func.coalesce(sums.c.back, 0, type_=quantity)
    query = (
        select(
            doc.c.number, doc_line.c.role, doc_line.c.line_no, doc_line.c.done, done.label("linked"),
            material_line.c.supplement, more.label("linked_supplement"),
            material_line.c.returned, back.label("linked_back"),
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(sums, sums.c.source_line_id == doc_line.c.id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .where((doc_line.c.done != done) | (material_line.c.supplement != more) | (material_line.c.returned != back))
        .order_by(doc.c.number, doc_line.c.role, doc_line.c.line_no)
    )  # fmt: skip
    return Found(rows_of(conn, doc_line), offending(conn, query)) + _closings(conn)


def _closings(conn: Connection) -> Found:
    closing = [kind.code for kind in registry if kind.closes]
    computed = case(
        (and_(doc.c.type.in_(closing), doc.c.status == "C", doc_line.c.role == "main",
              doc_line.c.done >= doc_line.c.quantity), "S"),
        else_="C",
    )  # fmt: skip
    lines = (
        select(doc.c.number, doc_line.c.line_no, doc_line.c.closing, computed.label("computed"))
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .where(doc_line.c.closing != "H", doc.c.closing != "H", doc_line.c.closing != computed)
    )
    open_line = exists().where(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main", doc_line.c.closing == "C")
    whole = case((and_(doc.c.type.in_(closing), doc.c.status == "C", ~open_line), "S"), else_="C")
    heads = select(doc.c.number, doc.c.closing, whole.label("computed"))
    heads = heads.where(doc.c.closing != "H", doc.c.closing != whole)
    return Found(rows_of(conn, doc), offending(conn, lines) + offending(conn, heads))


def posted_and_recorded(conn: Connection) -> Found:
    """I13: an approved document has its ledger rows and its audit event; a ledger row in force has an approved document."""
    return _lines_posted(conn) + _rows_have_documents(conn) + _events(conn) + _links(conn)


def _in_force(table: Table) -> Any:
    """Ledger rows that are neither reversals nor reversed."""
    undo = table.alias("undo")
    undone = exists().where(undo.c.reversal_of == table.c.id)
    return and_(table.c.reversal_of.is_(None), ~undone)


def _lines_posted(conn: Connection) -> Found:
    posting = [kind.code for kind in registry if kind.posting is not None]
    quantity = doc_line.c.quantity.type
    moved = (
        select(stock_move.c.doc_id, stock_move.c.line_id, func.sum(stock_move.c.quantity, type_=quantity).label("q"))
        .where(_in_force(stock_move))
        .group_by(stock_move.c.doc_id, stock_move.c.line_id)
        .subquery()
    )
    held = func.abs(func.coalesce(moved.c.q, 0), type_=quantity)
    here = and_(moved.c.doc_id == doc_line.c.doc_id, moved.c.line_id == doc_line.c.id)
    query = (
        select(doc.c.number, doc_line.c.line_no, doc_line.c.quantity, held.label("posted"))
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(moved, here)
        .where(doc.c.type.in_(posting), doc.c.status == "C", doc_line.c.role == "main", held != doc_line.c.quantity)
    )
    return Found(rows_of(conn, stock_move), offending(conn, query))


def _rows_have_documents(conn: Connection) -> Found:
    made = Found(0)
    for table in (stock_move, wip_move):
        query = (
            select(doc.c.number, doc.c.status, table.c.id.label("row"), table.c.quantity, table.c.value)
            .join_from(table, doc, doc.c.id == table.c.doc_id)
            .where(doc.c.status != "C", _in_force(table))
        )
        made += Found(rows_of(conn, table), offending(conn, query))
    return made


def _events(conn: Connection) -> Found:
    """Approvals less reversals in the audit chain: one for an approved document, none for a draft."""
    kinds = [kind.code for kind in registry]
    balance = func.sum(case((audit_event.c.action == "approve", 1), (audit_event.c.action == "reverse", -1), else_=0))
    born = func.sum(case((audit_event.c.action == "create", 1), else_=0))
    told = (
        select(audit_event.c.entity, audit_event.c.entity_id, balance.label("approvals"), born.label("births"))
        .where(audit_event.c.entity.in_(kinds))
        .group_by(audit_event.c.entity, audit_event.c.entity_id)
        .subquery()
    )
    wanted = case((doc.c.status == "C", 1), else_=0)
    approvals, births = func.coalesce(told.c.approvals, 0), func.coalesce(told.c.births, 0)
    query = (
        select(doc.c.number, doc.c.status, approvals.label("approvals"), births.label("births"))
        .join_from(doc, told, and_(told.c.entity == doc.c.type, told.c.entity_id == doc.c.id), isouter=True)
        .where((approvals != wanted) | (births != 1))
    )
    return Found(rows_of(conn, doc), offending(conn, query))


def _links(conn: Connection) -> Found:
    """Links join approved documents, and every approved line with a source has its link.

    A link counts the line's quantity, or that of the material which a substitute stood in for, in the material's unit.
    """
    source, target, planned = doc.alias("s"), doc.alias("t"), doc_line.alias("planned")
    unapproved = (
        select(target.c.number, source.c.number.label("source"), doc_link.c.quantity)
        .join_from(doc_link, source, source.c.id == doc_link.c.source_doc_id)
        .join(target, target.c.id == doc_link.c.target_doc_id)
        .where(or_(source.c.status != "C", target.c.status != "C"))
    )
    stands_in = exists().where(
        planned.c.id == doc_line.c.source_line_id, planned.c.role == "material", planned.c.item_id != doc_line.c.item_id
    )
    linked = exists().where(
        doc_link.c.target_line_id == doc_line.c.id, doc_link.c.source_line_id == doc_line.c.source_line_id,
        or_(func.abs(doc_link.c.quantity) == doc_line.c.quantity, stands_in),
    )  # fmt: skip
    missing = (
        select(doc.c.number, doc_line.c.line_no, doc_line.c.quantity)
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .where(doc.c.status == "C", doc_line.c.role == "main", doc_line.c.source_line_id.is_not(None), ~linked)
    )
    return Found(rows_of(conn, doc_link), offending(conn, unapproved) + offending(conn, missing))


def reversals_negate(conn: Connection) -> Found:
    """I14: a reversal negates its row exactly, and a row is reversed at most once."""
    made = Found(0)
    same: dict[Table, tuple[str, ...]] = {
        stock_move: ("doc_id", "line_id", "move_date", "warehouse_id", "item_id", "lot", "owner_id"),
        wip_move: ("doc_id", "line_id", "move_date", "order_line_id", "item_id", "element"),
    }
    for table, columns in same.items():
        undo, row = table.alias("undo"), table.alias("row")
        unlike = or_(
            row.c.id.is_(None), row.c.reversal_of.is_not(None), undo.c.quantity != -row.c.quantity,
            undo.c.value != -row.c.value, *(undo.c[name] != row.c[name] for name in columns),
        )  # fmt: skip
        query = (
            select(doc.c.number, undo.c.id.label("row"), undo.c.quantity, undo.c.value)
            .join_from(undo, doc, doc.c.id == undo.c.doc_id)
            .outerjoin(row, row.c.id == undo.c.reversal_of)
            .where(undo.c.reversal_of.is_not(None), unlike)
        )
        twice = (
            select(table.c.reversal_of, func.count().label("times"))
            .where(table.c.reversal_of.is_not(None))
            .group_by(table.c.reversal_of)
            .having(func.count() > 1)
        )
        count = conn.execute(select(func.count()).where(table.c.reversal_of.is_not(None))).scalar_one()
        made += Found(count, offending(conn, query) + offending(conn, twice))
    return made


def numbers_unique(conn: Connection) -> Found:
    """I15: a number names one document of its type, and no series stands before a number it has given."""
    twice = (
        select(doc.c.number, doc.c.type, func.count().label("times"))
        .group_by(doc.c.type, doc.c.number)
        .having(func.count() > 1)
    )
    series = {(row.prefix, row.basis): row.last for row in conn.execute(select(number_series))}
    used: dict[tuple[str, str], int] = defaultdict(int)
    for (number,) in conn.execute(select(doc.c.number)):
        prefix, basis, count = (*str(number).rsplit("-", 2), "", "")[:3]
        if count.isdigit() and (prefix, basis) in series:
            used[prefix, basis] = max(used[prefix, basis], int(count))
    behind = [
        (f"{prefix}-{basis}", {"last": series[prefix, basis], "used": most})
        for (prefix, basis), most in sorted(used.items())
        if most > series[prefix, basis]
    ]
    return Found(rows_of(conn, doc, number_series), offending(conn, twice) + collect(behind))


def amounts_follow_prices(conn: Connection) -> Found:
    """I30: where a line has a price, its amount is price × quantity, rounded once."""
    query = select(doc.c.number, doc_line.c.line_no, doc_line.c.quantity, doc_line.c.price, doc_line.c.amount)
    query = query.join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id).where(doc_line.c.price.is_not(None))
    count, wrong = 0, []
    for number, line_no, quantity, price, amount in conn.execute(query):
        count += 1
        if amount != round_half_up(price * quantity, MONEY_PLACES):
            figures = {"line": line_no, "quantity": quantity, "price": price, "amount": amount}
            wrong.append((number, figures))
    return Found(count, collect(wrong))


def closed_stay_closed(conn: Connection) -> Found:
    """I16: no ledger row and no approval dated in a closed period was made after its close."""
    made = Found(0)
    for row in conn.execute(select(period).where(period.c.closed == 1).order_by(period.c.period)):
        year, month = map(int, row.period.split("-"))
        first = dt.date(year, month, 1)
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        for table in (stock_move, wip_move):
            here = and_(table.c.move_date >= first, table.c.move_date < after)
            query = select(doc.c.number, table.c.move_date, table.c.posted_at).join_from(
                table, doc, doc.c.id == table.c.doc_id
            )
            late = query.where(here, table.c.posted_at > row.changed_at)
            count = conn.execute(select(func.count()).select_from(table).where(here)).scalar_one()
            made += Found(count, offending(conn, late))
        late = select(doc.c.number, doc.c.business_date, doc.c.approved_at).where(
            doc.c.business_date >= first, doc.c.business_date < after, doc.c.approved_at > row.changed_at
        )
        made += Found(0, offending(conn, late))
    return made
