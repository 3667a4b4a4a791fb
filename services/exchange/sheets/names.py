"""Names as people write them in a title row, folded so that they can be compared."""

from __future__ import annotations

import re
import unicodedata

_IGNORED = re.compile(r"[\s_\-*.:/\u200b\u2060\ufeff]+")
_REMARK = re.compile(r"\((?:必填|选填|可空|required|optional)\)")


def folded(name: str) -> str:
    """A name without case, width, blanks, underscores, asterisks and remarks like （必填）."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _IGNORED.sub("", _REMARK.sub("", plain))
