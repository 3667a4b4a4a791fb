"""Expecting a refusal, and that it is told whole in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from models.kernel.problems import Problem, Refused
from services.platform.messages import sentence


def refused(action: Callable[..., Any], *args: Any, **more: Any) -> Sequence[Problem]:
    """The problems an action is refused for; fails if it is not refused or a sentence is not whole."""
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    told(caught.value.problems)
    return caught.value.problems


def codes(problems: Iterable[Problem]) -> set[str]:
    """The codes of problems."""
    return {problem.code for problem in problems}


def told(problems: Iterable[Problem]) -> list[str]:
    """Sentences of a refusal in Chinese and English, checked to be whole."""
    made = []
    for problem in problems:
        for lang in ("zh", "en"):
            text = sentence(problem, lang)
            assert problem.code not in text, f"{problem.code} has no sentence in {lang}"
            assert "…" not in text, f"{problem.code} lacks a figure in {lang}: {text}"
            made.append(text)
    return made
