"""What an import did, for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from services.exchange.sheets import find_sheet
from services.platform.messages import sentence, text


@dataclass(frozen=True, slots=True)
class MasterCount:
    """Records of a master sheet by what happened to them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """Documents of a sheet that were made, and how many of them were approved."""

    made: int = 0
    approved: int = 0


@dataclass(slots=True)
class ImportReport:
    """Counts by sheet name, the warnings, and what changed (nothing in a dry run)."""

    dry_run: bool = False
    masters: dict[str, MasterCount] = field(default_factory=dict)
    documents: dict[str, DocumentCount] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def as_dict(self) -> Mapping[str, Any]:
        """The machine-readable form."""
        return {
            "dry_run": self.dry_run,
            "masters": {
                name: {"new": count.new, "changed": count.changed, "unchanged": count.unchanged}
                for name, count in self.masters.items()
            },
            "documents": {
                name: {"made": count.made, "approved": count.approved, "numbers": self.numbers.get(name, [])}
                for name, count in self.documents.items()
            },
            "warnings": [sentence(problem, "en") for problem in self.warnings],
        }

    def lines(self, lang: str = "zh") -> list[str]:
        """One line a sheet, then the warnings."""
        made = [
            text(
                "exchange.report_master", lang, sheet=_title(name, lang), new=count.new, changed=count.changed,
                unchanged=count.unchanged,
            )
            for name, count in self.masters.items()
        ]  # fmt: skip
        made += [
            text("exchange.report_documents", lang, sheet=_title(name, lang), made=count.made, approved=count.approved)
            for name, count in self.documents.items()
        ]
        made += [text("exchange.report_warning", lang, text=sentence(problem, lang)) for problem in self.warnings]
        if self.dry_run:
            made.append(text("exchange.report_dry", lang))
        return made


def _title(name: str, lang: str) -> str:
    sheet = find_sheet(name)
    return sheet.title if sheet is not None and lang == "zh" else name
