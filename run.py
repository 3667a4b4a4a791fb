"""One command from a fresh checkout: `python3 run.py` opens the demonstration factory, `python3 run.py test` tests.

This file keeps to syntax that an old Python can read, so that an old Python is told so in a sentence.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (the whole point: this file may meet an older Python)
    sys.exit(
        "工坊需要 Python 3.11 或更新版本, 当前是 %d.%d。请安装后用它再运行, 例如: python3.11 run.py\n"
        "Gongfang needs Python 3.11 or newer; this is %d.%d. Install one and run this with it: python3.11 run.py"
        % (sys.version_info[:2] * 2)
    )

from app.bootstrap.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
