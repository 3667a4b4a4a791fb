"""What window and command line may call for paper; reportlab and pdfium are loaded on first use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.kernel.problems import Problem
from services.platform.tongues import SOURCE, Tongue
from services.printing.forms import Form
from services.printing.labels import LABEL_SHEETS, Label, LabelSheet, print_labels
from services.printing.lists import MOST_ROWS, ListColumn, ListOnPaper
from services.printing.paper import (
    A4,
    A4_LANDSCAPE,
    A5,
    A5_LANDSCAPE,
    CONTINUOUS_HALF,
    CONTINUOUS_THIRD,
    PAPERS,
    PaperProfile,
)
from services.printing.preview import PdfPages
from services.printing.printed import GreyPage, Printed
from services.printing.templates.applying import profile_of
from services.printing.templates.checks import check_logo
from services.printing.templates.joining import HEAD, joined, unnamed
from services.printing.templates.model import Offered, Paper, ShownColumn, ShownField, Template

__all__ = [
    "A4",
    "A4_LANDSCAPE",
    "A5",
    "A5_LANDSCAPE",
    "CONTINUOUS_HALF",
    "CONTINUOUS_THIRD",
    "HEAD",
    "LABEL_SHEETS",
    "MOST_ROWS",
    "PAPERS",
    "Form",
    "GreyPage",
    "Label",
    "LabelSheet",
    "ListColumn",
    "ListOnPaper",
    "Offered",
    "Paper",
    "PaperProfile",
    "PdfPages",
    "Printed",
    "ShownColumn",
    "ShownField",
    "Template",
    "check_logo",
    "joined",
    "print_each",
    "print_forms",
    "print_labels",
    "print_list",
    "print_ruler",
    "profile_of",
    "unnamed",
    "warnings_of",
]


def print_forms(forms: Sequence[Form], *, profile: PaperProfile) -> Printed:
    """The forms as one PDF, pages numbered within each form; ValueError without a form."""
    from services.printing.pdf import render

    return render(forms, profile=profile)


def print_each(forms: Iterable[tuple[Form, PaperProfile]]) -> Printed:
    """Forms in one PDF, each on its own paper, drawn one after the other as they come; ValueError without a form."""
    from services.printing.pdf import render_each

    return render_each(forms)


def print_list(listed: ListOnPaper) -> Printed:
    """A list as the window shows it, on A4; refused without columns and with too many rows for paper."""
    from services.printing.lists import list_form, list_paper
    from services.printing.pdf import render

    form = list_form(listed)
    return render([form], profile=list_paper(form))


def print_ruler(profile: PaperProfile, language: str = SOURCE) -> Printed:
    """The test page to calibrate a printer with."""
    from services.printing.ruler import ruler_page

    return ruler_page(profile, Tongue(language))


def warnings_of(printed: Printed) -> tuple[Problem, ...]:
    """What the clerk must know before the paper leaves the house: the characters that cannot be printed, document by document."""
    return tuple(
        Problem(
            "printing.missing_characters",
            {"number": number, "characters": " ".join(characters), "count": len(characters)},
        )
        for number, characters in printed.lacking
    )
