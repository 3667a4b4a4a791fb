"""Loads what the window needs and prints what the system could not load; run by set-up in the new environment.

Prints `missing SONAME` for each shared library of the two lists that does not load, `qt TEXT` if Qt itself does not,
and `screen TEXT` if its plug-in for X11 does not. No line at all means that everything is there.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """Try each library by name, then Qt's modules, then the plug-in that draws on an X11 screen."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            print(f"missing {name}")
    try:
        from PySide6 import QtCore, QtPrintSupport, QtSvg, QtTest, QtWidgets  # noqa: F401  (loading is the test)
    except ImportError as error:
        print(f"qt {_one_line(error)}")
        return
    plugins = Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath))
    plugin = plugins / "platforms" / "libqxcb.so"
    if plugin.exists():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            print(f"screen {_one_line(error)}")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    main(sys.argv[1:])
