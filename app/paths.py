"""Where the program keeps its data on this machine, and which book was opened last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def data_folder() -> Path:
    """The user's data folder, made when missing."""
    from platformdirs import user_data_path

    folder = user_data_path("Gongfang", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settings_file() -> Path:
    """Settings of this user on this machine."""
    return data_folder() / "settings.json"


def settings() -> dict[str, Any]:
    """What is set; an unreadable file counts as none."""
    try:
        found = json.loads(settings_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(**values: Any) -> None:
    """Adds settings to the file."""
    text = json.dumps(settings() | values, ensure_ascii=False, indent=2)
    settings_file().write_text(text, encoding="utf-8")


def standard_book() -> str:
    """The book last opened if it is still there, else the one in the user's data folder."""
    last = settings().get("last_book", "")
    if last and ("://" in last or Path(last).exists()):
        return str(last)
    return str(data_folder() / "gongfang.db")
