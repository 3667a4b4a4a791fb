"""How long a text may be: codes are short, everything else longer; one character more is said with its figures."""

from __future__ import annotations

import pytest

from models.kernel.texts import CODE_LENGTH, TEXT_LENGTH, excess, longest


@pytest.mark.parametrize(("key", "limit"), [("code", CODE_LENGTH), ("tax_code", CODE_LENGTH), ("name", TEXT_LENGTH)])
def test_a_text_of_just_the_length_fits_and_one_character_more_does_not(key: str, limit: int) -> None:
    assert longest(key) == limit
    assert excess(key, "x" * limit) == {}
    assert excess(key, "x" * (limit + 1)) == {"text": "x" * 12, "length": limit + 1, "limit": limit}
