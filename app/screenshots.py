"""`python -m app.screenshots FOLDER --database DB`: pictures of every page of a book, without a screen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Writes the pictures and names them; 0 when all were taken."""
    parser = argparse.ArgumentParser(prog="python -m app.screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", required=True)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--only", default="", help="只拍键里含有这段文字的页面")
    options = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from PySide6.QtWidgets import QApplication

    import app.wiring  # noqa: F401 registers the document types
    from app.window import make_desk_on
    from services.platform.books import open_book
    from ui.framework.grid.layout import MemorySettings
    from ui.shell.screenshots import capture, close_all
    from ui.shell.start import open_frame, prepare

    settings = MemorySettings()
    settings.save("look/dark", "1" if options.dark else "0")
    application = QApplication(sys.argv[:1])
    prepare(application, settings, options.lang)
    desk = make_desk_on(open_book(options.database), "张会计", settings, language=options.lang, target=options.database)
    frame = open_frame(desk)
    wide, high = (int(part) for part in options.size.split("x"))
    frame.resize(wide, high)
    for file in capture(frame, options.folder, only=options.only):
        print(file)
    close_all(application, frame)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
