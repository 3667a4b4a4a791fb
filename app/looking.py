"""Looking into a backup: restored into a folder of its own that is thrown away, opened for reading only."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.opened import OpenedBook
from app.paths import data_folder
from models.kernel.problems import Refused
from services.platform import books
from services.platform.backup import restore
from services.platform.held import hold

FOLDER: Final = "looking"


def look_into(backup: Path, user: str) -> OpenedBook:
    """A backup as a book that is only read; nothing of it stays when it is closed. The log-in of the book holds here too."""
    import app.wiring  # noqa: F401 registers the document types

    root = data_folder() / FOLDER
    root.mkdir(mode=0o700, exist_ok=True)
    remove_left(root)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        file = folder / f"{backup.stem}.db"
        made = restore(backup, file)
        held = hold(file, user)
        try:
            db = books.open_book(file)
        except BaseException:
            held.release()
            raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return OpenedBook(db, str(backup), held, looked_at=made.manifest.made_at, thrown_away=folder)


def remove_left(root: Path) -> None:
    """Removes the copies of programs that ended without closing them; one that is open stays."""
    for folder in root.iterdir():
        with suppress(Refused, OSError):
            for file in folder.glob("*.db"):
                hold(file, "").release()
            shutil.rmtree(folder)
