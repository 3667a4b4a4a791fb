"""`print`: documents as they leave the printer, into a PDF file; counted as the window counts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.kernel.problems import Problem, refuse
from services.platform.db import Database

if TYPE_CHECKING:
    from services.printing.api import Printed


def print_to(db: Database, user: str, options: Any, language: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Writes the file in a language, and counts the prints; what came of it and what the clerk must know.

    Refused before anything is written or counted: for unknown numbers, paper and templates, for documents that may not be printed.
    """
    from services.exchange.writer import written
    from services.printing.api import PAPERS, warnings_of
    from services.reporting import prints

    if options.paper and options.paper not in PAPERS:
        raise refuse("print.unknown_paper", paper=options.paper, known=tuple(PAPERS))
    with db.read() as conn:
        ids = list(dict.fromkeys(ref.id for ref in prints.numbered(conn, options.numbers)))
    with written(Path(options.to)) as part:  # what cannot be written is refused before a number is taken
        printed, told, count = _drawn(db, user, ids, options, language)
        part.write_bytes(printed.pdf)
        count()
    return {"file": options.to, "pages": printed.pages, **told}, warnings_of(printed)


def _drawn(
    db: Database, user: str, ids: Sequence[int], options: Any, language: str
) -> tuple[Printed, dict[str, Any], Callable[[], object]]:
    """The paper, what is told of it, and what counts it."""
    from services.documents.api import count_print
    from services.printing.api import PAPERS
    from services.reporting import api

    profile = PAPERS.get(options.paper)
    told: dict[str, Any] = {}
    count: Callable[[], object] = partial(count_print, db, user, ids)
    if options.merge:
        api.print_merged(db, ids, profile=profile, template=options.template)  # refusals come before a number is taken
        listed, _ = api.pick_list(db, user, ids)
        printed = api.print_merged(
            db, ids, profile=profile, template=options.template, listed=listed, language=language
        )
        told = {"number": listed.number}
        count = partial(api.count_pick_list, db, user, listed)
    else:
        printed = api.print_documents(db, ids, profile=profile, template=options.template, language=language)
    return printed, told, count
