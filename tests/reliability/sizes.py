"""How much the reliability tests do: little with every change, more at night (GONGFANG_NIGHT=1)."""

from __future__ import annotations

import os

NIGHT = os.environ.get("GONGFANG_NIGHT") == "1"

KILLS = 500 if NIGHT else 60
KILLS_WHILE_COPYING = 100 if NIGHT else 8
SEEDS = 20 if NIGHT else 2
DEEDS_OF_A_MONTH = 2000 if NIGHT else 150
CLERKS = 8
DEEDS_OF_A_CLERK = 400 if NIGHT else 20
TAMPERINGS = 2000 if NIGHT else 400
STOPPED_EVERY = 1 if NIGHT else 7
HISTORIES = 2000 if NIGHT else 60
IMAGES = 5000 if NIGHT else 100
HISTORY_RUNS = 200 if NIGHT else 6
