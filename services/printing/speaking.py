"""A form in the language it is printed in: what it says by itself is looked up, what it was given stays as it is."""

from __future__ import annotations

from dataclasses import replace

from services.platform.tongues import Tongue
from services.printing.forms import Field, Form, Signature, Table


def spoken(form: Form) -> Form:
    """The form with its title, labels, column titles, signers, copies, mark, terms and footer in its language.

    Templates keep these texts in Chinese as long as nobody changes them; what a clerk worded himself is no word of the
    program and is printed as he wrote it. Company, number, values, cells and note are never translated here.
    """
    tongue = Tongue(form.language)
    if tongue.chinese:
        return form
    return replace(
        form,
        title=tongue(form.title),
        fields=tuple(tuple(_field(entry, tongue) for entry in row) for row in form.fields),
        tables=tuple(_table(table, tongue) for table in form.tables),
        signatures=tuple(Signature(tongue.signer(sign.label), sign.name) for sign in form.signatures),
        copies=tongue(form.copies),
        mark=tongue(form.mark),
        terms=tongue(form.terms),
        footer=tongue(form.footer),
    )


def _field(entry: Field, tongue: Tongue) -> Field:
    return replace(entry, label=tongue(entry.label))


def _table(table: Table, tongue: Tongue) -> Table:
    columns = tuple(replace(column, title=tongue(column.title)) for column in table.columns)
    return replace(table, title=tongue(table.title), columns=columns)
