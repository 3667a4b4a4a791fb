"""Templates and the company's logo in the book, as settings; the stock templates stand beside them and are never kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select

from models.kernel.problems import Refused, refuse
from models.platform.tables import setting
from services.platform.access.rights import KEEP_TEMPLATES
from services.platform.db import Tx
from services.printing.templates.applying import STOCK, stock
from services.printing.templates.checks import check, check_logo
from services.printing.templates.model import Offered, Template
from services.printing.templates.reading import read, written

TOPIC = "form_templates"
_TEMPLATE = "print/template/"
_DEFAULT = "print/default/"
_LOGO = "print/logo"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of a type; stamp: changes with its content; damage: why a kept one cannot be read, then template is a stock one."""

    template: Template
    stock: bool
    default: bool
    stamp: str = ""
    damaged: bool = False

    @property
    def name(self) -> str:
        """The template's name."""
        return self.template.name


def listed(conn: Connection, offer: Offered) -> list[TemplateRow]:
    """The stock templates, then the book's by name; exactly one is the default."""
    kept = _kept(conn, offer.type)
    chosen = _default(conn, offer.type)
    rows = [TemplateRow(template, stock=True, default=False) for template in stock(offer)]
    for name, text in sorted(kept.items()):
        try:
            template, damaged = read(text), False
        except Refused:
            template, damaged = replace(rows[0].template, name=name), True
        rows.append(TemplateRow(template, stock=False, default=False, stamp=_stamp(text), damaged=damaged))
    place = next((i for i, row in enumerate(rows) if row.name == chosen and not row.damaged), 0)
    rows[place] = replace(rows[place], default=True)
    return rows


def find(conn: Connection, offer: Offered, name: str = "") -> Template:
    """A template by name, the default without one; refused with the names there are if none has that name or it is damaged."""
    rows = [row for row in listed(conn, offer) if not row.damaged]
    found = next((row for row in rows if (row.name == name if name else row.default)), None)
    if found is None:
        raise refuse("form.unknown_template", name=name, type=offer.title, known=tuple(row.name for row in rows))
    return found.template


def save(tx: Tx, offer: Offered, template: Template, *, stamp: str | None = None) -> TemplateRow:
    """Keeps a template; stamp: of the one it was made from, None for a new one (its name must be free).

    Refused with every fault, for a stock template, and when somebody else changed it meanwhile.
    """
    tx.require(KEEP_TEMPLATES)
    template = replace(template, type=offer.type, name=template.name.strip(), title=template.title.strip())
    if template.name in STOCK:
        raise refuse("form.stock", name=template.name)
    problems = check(template, offer)
    if problems:
        raise Refused(problems)
    before = _kept(tx.conn, offer.type).get(template.name)
    if stamp is None and before is not None:
        raise refuse("form.name_taken", name=template.name, type=offer.title)
    if stamp is not None and before is None:
        raise refuse("form.gone", name=template.name, type=offer.title)
    if stamp is not None and before is not None and _stamp(before) != stamp:
        raise refuse("form.changed", name=template.name)
    text = written(template)
    _put(tx, _key(offer.type, template.name), text)
    _told(tx, offer.type, template.name, "update" if before else "create")
    return TemplateRow(
        template, stock=False, default=_default(tx.conn, offer.type) == template.name, stamp=_stamp(text)
    )


def remove(tx: Tx, offer: Offered, name: str) -> None:
    """Deletes a template of the book; where it was the default, the first stock template is again."""
    tx.require(KEEP_TEMPLATES)
    if name in STOCK:
        raise refuse("form.stock", name=name)
    if name not in _kept(tx.conn, offer.type):
        raise refuse("form.gone", name=name, type=offer.title)
    _put(tx, _key(offer.type, name), None)
    if _default(tx.conn, offer.type) == name:
        _put(tx, _DEFAULT + offer.type, None)
    _told(tx, offer.type, name, "delete")


def choose(tx: Tx, offer: Offered, name: str) -> None:
    """Makes a template the one that its type is printed with."""
    tx.require(KEEP_TEMPLATES)
    if name not in (row.name for row in listed(tx.conn, offer) if not row.damaged):
        raise refuse("form.gone", name=name, type=offer.title)
    _put(tx, _DEFAULT + offer.type, name)
    _told(tx, offer.type, name, "default")


def free_name(taken: Iterable[str], name: str) -> str:
    """The name, or with a number behind it where it is taken."""
    names, number, found = set(taken), 1, name
    while found in names:
        number += 1
        found = f"{name} ({number})"
    return found


def logo(conn: Connection) -> bytes:
    """The company's logo; empty if there is none."""
    text = conn.execute(select(setting.c.value).where(setting.c.key == _LOGO)).scalar()
    return base64.b64decode(str(text)) if text else b""


def keep_logo(tx: Tx, content: bytes) -> None:
    """Keeps the company's logo, empty takes it away; refused if it cannot be printed."""
    tx.require(KEEP_TEMPLATES)
    problems = check_logo(content)
    if problems:
        raise Refused(problems)
    _put(tx, _LOGO, base64.b64encode(content).decode() if content else None)
    _told(tx, "", "logo", "update" if content else "delete")


def _key(kind: str, name: str) -> str:
    return f"{_TEMPLATE}{kind}/{name}"


def _kept(conn: Connection, kind: str) -> dict[str, str]:
    start = _key(kind, "")
    query = select(setting.c.key, setting.c.value).where(setting.c.key.startswith(start, autoescape=True))
    return {row.key[len(start) :]: row.value for row in conn.execute(query)}


def _default(conn: Connection, kind: str) -> str:
    return str(conn.execute(select(setting.c.value).where(setting.c.key == _DEFAULT + kind)).scalar() or "")


def _put(tx: Tx, key: str, text: str | None) -> None:
    tx.conn.execute(delete(setting).where(setting.c.key == key))
    if text is not None:
        tx.insert(setting, [{"key": key, "value": text}])


def _told(tx: Tx, kind: str, name: str, action: str) -> None:
    tx.record("form_templates", 0, f"{kind}/{name}".strip("/"), action)
    tx.topic(TOPIC)


def _stamp(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
