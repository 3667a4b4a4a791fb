"""Keys of production's own pages."""

from typing import Final

BENCH: Final = "production/picking"
LISTS: Final = "production/pick-lists"
