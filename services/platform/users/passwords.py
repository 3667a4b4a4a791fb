"""Passwords: what is accepted, and how they are kept (argon2id)."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.kernel.problems import refuse

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 200
MEMORY_KIB = 19 * 1024
ROUNDS = 2
COMMON = Path(__file__).resolve().parents[3] / "resources" / "data" / "common_passwords.txt"


@cache
def hasher() -> PasswordHasher:
    """argon2id with OWASP's least settings; loaded when the first password is looked at."""
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID)


@cache
def common() -> frozenset[str]:
    """The passwords that somebody would try first."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def accept(password: str, login: str) -> None:
    """Refused when a new password is too short or long, among the commonest, or the log-in name itself."""
    given = _plain(password)
    if len(given) < SHORTEST:
        raise refuse("access.password_short", length=len(given), shortest=SHORTEST)
    if len(given) > LONGEST:
        raise refuse("access.password_long", length=len(given), longest=LONGEST)
    folded = given.casefold()
    if folded in common() or len(set(folded)) < 3:
        raise refuse("access.password_common", count=len(common()))
    if _plain(login).casefold() in (folded, folded.rstrip("0123456789")):
        raise refuse("access.password_is_name")


def hashed(password: str) -> str:
    """The hash under which a password is kept, with its own salt and settings."""
    return hasher().hash(_plain(password))


def matches(stored: str, password: str) -> bool:
    """Whether a password is the one of a stored hash; takes the same time for an unreadable hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return hasher().verify(stored, _plain(password))
    except VerificationError:
        return False
    except InvalidHashError:
        _verify_nothing(password)
        return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker settings than those of today."""
    return hasher().check_needs_rehash(stored)


def _verify_nothing(password: str) -> None:
    from argon2.exceptions import VerificationError

    try:
        hasher().verify(_nobodys(), _plain(password))
    except VerificationError:
        return


@cache
def _nobodys() -> str:
    return hasher().hash("nobody has this password")


def _plain(text: str) -> str:
    """Full-width letters from an input method count as the plain ones."""
    return unicodedata.normalize("NFKC", text)
