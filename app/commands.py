"""The commands: each opens the book, calls one service and prints what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.arguments import Arguments
from app.entering import account, entered
from app.paths import remember, standard_book
from app.pipes import print_lines
from models.kernel.problems import Refused, refuse
from services.platform import books
from services.platform.access.rights import KEEP_BACKUPS
from services.platform.db import Database
from services.platform.messages import sentence, text


def run(arguments: Arguments) -> int:
    """Runs one command and returns the exit status."""
    return COMMANDS[arguments.command](arguments)


def target_of(arguments: Arguments) -> str:
    """The book a command works on."""
    return arguments.database or standard_book()


def user_of(arguments: Arguments) -> str:
    """Who does it: the name given, else the one of this machine's account."""
    return arguments.user or account()


def opened(arguments: Arguments) -> Database:
    """The book, opened and remembered."""
    import app.wiring  # noqa: F401 registers the document types

    db = books.open_book(target_of(arguments), before_upgrade=safeguard)
    if arguments.database and "://" not in arguments.database:
        # A machine whose settings cannot be written does its work all the same.
        with suppress(OSError):
            remember(last_book=str(Path(arguments.database).resolve()))
    return db


def safeguard(db: Database) -> None:
    """A verified copy beside the book before its schema changes."""
    from services.platform.backup import backup
    from services.platform.file_store import folder_beside

    if db.path is not None:
        stamp = db.clock().strftime("%Y%m%d-%H%M%S")
        copy = db.path.with_name(f"{db.path.stem}.before-upgrade-{stamp}{db.path.suffix}")
        # The upgrade leaves the folder of attached files as it is: the copy names it instead of holding it again.
        backup(db, copy, beside=folder_beside(db.path).name)


def book_of(arguments: Arguments) -> Database:
    """The book, opened for the one who gives the command."""
    return entered(opened(arguments), arguments)


def say(arguments: Arguments, data: Mapping[str, Any], lines: list[str]) -> None:
    """Prints a result: lines for people, or one JSON object; a reader that has left (| head) is no failure."""
    print_lines([json.dumps(data, ensure_ascii=False, default=str)] if arguments.json else lines)


def _init(arguments: Arguments) -> int:
    import app.wiring  # noqa: F401 registers the document types

    target = target_of(arguments)
    db = books.create(target)
    counts: dict[str, Any] = {}
    try:
        if arguments.options.demo:
            from app.demo import fill

            made = fill(db)
            counts = {"today": made.today, "items": made.items, "bills": made.bills, "partners": made.partners}
            counts |= made.documents
    except BaseException:
        db.close()
        if db.path is not None:
            for ending in ("", "-wal", "-shm"):
                Path(str(db.path) + ending).unlink(missing_ok=True)
        raise
    db.close()
    lines = [text("cli.made", arguments.lang, name=target)] + [f"{key}: {value}" for key, value in counts.items()]
    say(arguments, {"database": target, **counts}, lines)
    return 0


def _import(arguments: Arguments) -> int:
    from services.exchange.importing import import_sources

    db = book_of(arguments)
    options = arguments.options
    report = import_sources(db, user_of(arguments), options.sources, dry_run=options.dry_run, approve=options.approve)
    say(arguments, report.as_dict(), report.lines(arguments.lang))
    return 0


def _template(arguments: Arguments) -> int:
    from services.exchange.template import write_template

    write_template(Path(arguments.options.file), lang=arguments.lang)
    say(arguments, {"file": arguments.options.file}, [text("cli.written", arguments.lang, file=arguments.options.file)])
    return 0


def _export(arguments: Arguments) -> int:
    from services.exchange.exporting.exporter import export_sheets

    db = book_of(arguments)
    lang = arguments.options.lang or "en"
    counts = export_sheets(db, arguments.options.sheets, Path(arguments.options.to), lang)
    lines = [text("cli.exported", arguments.lang, sheet=name, rows=count) for name, count in counts.items()]
    say(arguments, {"file": arguments.options.to, "rows": counts}, lines)
    return 0


def _mrp(arguments: Arguments) -> int:
    from services.planning.api import run_mrp

    db = book_of(arguments)
    options = arguments.options
    summary = run_mrp(
        db, user_of(arguments), start=options.start, end=options.end, orders=tuple(options.orders), note=options.note
    )
    lines = [text("cli.mrp_run", arguments.lang, run=summary.run_id)]
    lines += [f"  {key}: {value}" for key, value in summary.counts.items()]
    lines += [f"  {key}: {seconds:.3f} s" for key, seconds in summary.phases.items()]
    say(arguments, {"run": summary.run_id, "counts": summary.counts, "phases": summary.phases}, lines)
    return 0


def _release(arguments: Arguments) -> int:
    from services.planning.api import release_orders

    db = book_of(arguments)
    options = arguments.options
    result, _changes = release_orders(
        db, user_of(arguments), run_id=options.run, kind=options.kind, merge=options.merge
    )
    made = [ref.number for ref in result.documents]
    lines = [
        text(
            "cli.released",
            arguments.lang,
            planned=result.planned,
            documents=len(made),
            lines=result.lines,
            batch=result.batch_id,
        )
    ]
    lines += [f"  {number}" for number in made[:200]]
    say(
        arguments,
        {"batch": result.batch_id, "planned": result.planned, "documents": made, "lines": result.lines},
        lines,
    )
    return 0


def _kitting(arguments: Arguments) -> int:
    from services.planning.api import kitting_rows

    db = book_of(arguments)
    rows = kitting_rows(db, arguments.options.orders, date=arguments.options.date, user=user_of(arguments))
    lines = []
    for row in rows:
        lines.append(
            text(
                "cli.kitting_row", arguments.lang, order=row.order, item=row.item, sets=row.complete_sets, ordered=row.ordered,
                component=row.component, required=row.required, available=row.available, short=row.short,
            )
        )  # fmt: skip
    data = [{name: getattr(row, name) for name in type(row).__dataclass_fields__} for row in rows]
    say(arguments, {"rows": data}, lines or [text("cli.kitting_none", arguments.lang)])
    return 0


def _cost(arguments: Arguments) -> int:
    from services.costing.api import cost_period

    db = book_of(arguments)
    made, _changes = cost_period(db, user_of(arguments), arguments.options.period)
    lang = arguments.lang
    lines = [text("cli.costed_too", lang, period=month) for month in made.periods[:-1]]
    lines.append(
        text(
            "cli.costed", lang, period=made.period, orders=made.orders, outputs=made.outputs, rows=made.corrections
        )
    )  # fmt: skip
    say(arguments, asdict(made), lines)
    return 0


def _close(arguments: Arguments) -> int:
    from services.costing.api import close_period

    period = arguments.options.period
    close_period(book_of(arguments), user_of(arguments), period)
    say(arguments, {"period": period, "closed": True}, [text("cli.closed", arguments.lang, period=period)])
    return 0


def _reopen(arguments: Arguments) -> int:
    from services.costing.api import reopen_period

    period = arguments.options.period
    reopen_period(book_of(arguments), user_of(arguments), period, arguments.options.reason)
    say(arguments, {"period": period, "closed": False}, [text("cli.reopened", arguments.lang, period=period)])
    return 0


def _print(arguments: Arguments) -> int:
    from app.paper import print_to

    db = book_of(arguments)
    done, warnings = print_to(db, user_of(arguments), arguments.options, arguments.lang)
    lines = [text("cli.printed", arguments.lang, pages=done["pages"], file=done["file"])]
    lines += [sentence(problem, arguments.lang) for problem in warnings]
    say(arguments, done, lines)
    return 0


def _check(arguments: Arguments) -> int:
    from services.reporting.invariants import check

    db = book_of(arguments)
    try:
        _owner_only(db, "check")
        findings = check(db)
    finally:
        db.close()
    lines = []
    for finding in findings:
        state = "✓" if not finding.broken else "✗"
        lines.append(f"{state} {finding.code} {finding.titled(arguments.lang)}  {finding.counted}")
        lines += [f"    {row}" for row in finding.broken[:20]]
    data = [
        {
            "code": f.code,
            "title": f.titled(arguments.lang),
            "counted": f.counted,
            "broken": [str(row) for row in f.broken],
        }
        for f in findings
    ]
    say(arguments, {"invariants": data}, lines)
    return 1 if any(finding.broken for finding in findings) else 0


def _owner_only(db: Database, deed: str) -> None:
    """Refused under a clerk's log-in on a server: what needs every figure would be half of one."""
    if login := db.login():
        raise refuse("database.owner_only", login=login, deed=deed)


def _backup(arguments: Arguments) -> int:
    from services.platform.backup import backup

    db = book_of(arguments)
    try:
        db.require(user_of(arguments), KEEP_BACKUPS)
        made = backup(db, Path(arguments.options.file))
    finally:
        db.close()
    told = [sentence(problem, arguments.lang) for problem in made.problems]
    done = text("cli.backed_up", arguments.lang, file=made.file)
    say(arguments, {"file": str(made.file), "files": made.manifest.files, "problems": told}, [done, *told])
    return 0


def _restore(arguments: Arguments) -> int:
    from services.platform.backup import restore

    target = target_of(arguments)
    _may_replace(arguments)
    made = restore(Path(arguments.options.file), target)
    told = [sentence(problem, arguments.lang) for problem in made.problems]
    done = text("cli.restored", arguments.lang, file=arguments.options.file, name=target)
    say(arguments, {"database": target, "files": made.manifest.files, "problems": told}, [done, *told])
    return 0


def _may_replace(arguments: Arguments) -> None:
    """Refused when the book to be replaced has users and this one may not; a book that does not open is anybody's to replace."""
    try:
        db = opened(arguments)
    except Refused as refused:
        if all(problem.code.startswith("database.") for problem in refused.problems):
            return
        raise
    try:
        entered(db, arguments).require(user_of(arguments), KEEP_BACKUPS)
    finally:
        db.close()


def _roles(arguments: Arguments) -> int:
    from services.documents.log_ins import types_for_server
    from services.platform.server_roles import arrange

    db = opened(arguments)
    try:
        made = arrange(db, types_for_server(), renew=arguments.options.renew)
    finally:
        db.close()
    lang = arguments.lang
    lines = [
        text("cli.roles_password", lang, login=login, password=password)
        for login, password in sorted(made.passwords.items())
    ]
    lines.append(text("cli.roles_done", lang, able=len(made.able), closed=len(made.closed)))
    say(arguments, {"passwords": dict(made.passwords), "able": made.able, "closed": made.closed}, lines)
    return 0


COMMANDS: Mapping[str, Callable[[Arguments], int]] = {
    "init": _init,
    "import": _import,
    "template": _template,
    "export": _export,
    "mrp": _mrp,
    "release": _release,
    "kitting": _kitting,
    "print": _print,
    "cost": _cost,
    "close": _close,
    "reopen": _reopen,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
    "roles": _roles,
}
