"""What windows and the command line may ask about the state of the books."""

from __future__ import annotations

from services.reporting.invariants import Broken, Finding, check

__all__ = ["Broken", "Finding", "check"]
