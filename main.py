"""工坊 Gongfang: the manufacturing system of a small factory. Starts the window, or runs a command."""

import sys

from app.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
