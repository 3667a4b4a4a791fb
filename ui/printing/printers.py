"""Printers of this machine: how far each is off, how many copies, with which template, and which was used last for a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

from ui.framework.desk import Desk
from ui.framework.grid.layout import SettingsStore
from ui.framework.preview import Correction, PrintSetup

NAME: Final = "print/printers"
ALL_FORMS: Final = ""
MOST_MM: Final = 50.0
MOST_COPIES: Final = 99


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """A printer with a form (a document type; ALL_FORMS: any that has no profile of its own).

    offset_x_mm moves the print to the right, offset_y_mm down, to 0.1 mm. template "": the form's default.
    """

    printer: str
    form: str = ALL_FORMS
    offset_x_mm: float = 0
    offset_y_mm: float = 0
    copies: int = 1
    template: str = ""

    def __post_init__(self) -> None:
        for name in ("offset_x_mm", "offset_y_mm"):
            bounded = max(-MOST_MM, min(MOST_MM, round(getattr(self, name), 1)))
            object.__setattr__(self, name, bounded)
        object.__setattr__(self, "copies", max(1, min(MOST_COPIES, self.copies)))


@dataclass(slots=True)
class _Kept:
    profiles: dict[tuple[str, str], PrinterProfile] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)


class Printers:
    """Read from the settings at every question, so that two windows see the same; damaged settings count as none."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def profile(self, printer: str, form: str) -> PrinterProfile:
        """What holds for a printer with a form: its own profile, the printer's, or no correction."""
        kept = self._load().profiles
        return kept.get((printer, form)) or kept.get((printer, ALL_FORMS)) or PrinterProfile(printer, form)

    def exact(self, printer: str, form: str) -> PrinterProfile | None:
        """The profile kept for just this printer and form."""
        return self._load().profiles.get((printer, form))

    def names(self) -> list[str]:
        """Printers that have a profile."""
        return sorted({printer for printer, _ in self._load().profiles})

    def keep(self, profile: PrinterProfile) -> None:
        """Keeps a profile in place of the one for the same printer and form."""
        kept = self._load()
        kept.profiles[profile.printer, profile.form] = profile
        self._save(kept)

    def forget(self, printer: str, form: str) -> None:
        """Takes a profile away."""
        kept = self._load()
        if kept.profiles.pop((printer, form), None) is not None:
            self._save(kept)

    def last(self, form: str) -> str:
        """The printer a form was printed on last; empty if never."""
        return self._load().last.get(form, "")

    def remember(self, form: str, printer: str) -> None:
        """Notes that a form was printed on a printer."""
        kept = self._load()
        kept.last[form] = printer
        self._save(kept)

    def _load(self) -> _Kept:
        try:
            found: Mapping[str, Any] = json.loads(self._settings.load(NAME) or "{}")
            profiles = [_profile(entry) for entry in found.get("profiles", ())]
            last = {str(form): str(printer) for form, printer in dict(found.get("last", {})).items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            return _Kept()
        return _Kept({(one.printer, one.form): one for one in profiles}, last)

    def _save(self, kept: _Kept) -> None:
        profiles = [asdict(profile) for profile in kept.profiles.values()]
        self._settings.save(NAME, json.dumps({"profiles": profiles, "last": kept.last}, ensure_ascii=False))


def _profile(entry: Mapping[str, Any]) -> PrinterProfile:
    return PrinterProfile(
        str(entry["printer"]),
        str(entry["form"]),
        float(entry["offset_x_mm"]),
        float(entry["offset_y_mm"]),
        int(entry["copies"]),
        str(entry["template"]),
    )


def print_setup(desk: Desk, form: str, **more: Any) -> PrintSetup:
    """The printers of this machine as the preview asks for them. more: further fields of PrintSetup."""
    printers = Printers(desk.settings)

    def correction(name: str) -> Correction:
        found = printers.profile(name, form)
        return Correction(found.offset_x_mm, found.offset_y_mm, found.copies, found.template)

    used = partial(printers.remember, form)
    return PrintSetup(correction=correction, used=used, last=printers.last(form), **more)
