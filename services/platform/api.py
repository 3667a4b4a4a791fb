"""What windows may ask of the platform."""

from __future__ import annotations

from services.platform.books import create, open_book
from services.platform.clock import local_today
from services.platform.db import Database
from services.platform.messages import place, sentence, text

__all__ = ["Database", "create", "local_today", "open_book", "place", "sentence", "text"]
