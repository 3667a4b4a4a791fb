"""Reads a QR code of level M given module by module, by ISO/IEC 18004, and checks its error correction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

_ALIGNMENT: dict[int, list[int]] = {
    1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46],
}  # fmt: skip
# version: data words of each block, error correction words of a block
_BLOCKS = {
    1: ([16], 10), 2: ([28], 16), 3: ([44], 26), 4: ([32] * 2, 18), 5: ([43] * 2, 24), 6: ([27] * 4, 16), 7: ([31] * 4, 18),
    8: ([38] * 2 + [39] * 2, 22), 9: ([36] * 3 + [37] * 2, 22),
}  # fmt: skip
_MASKS: list[Callable[[int, int], bool]] = [
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
]
_BYTES = 4


def qr_text(modules: Sequence[Sequence[bool]]) -> str:
    """The text of a code (True for dark, without quiet zone); AssertionError if it is none or its check words are wrong."""
    size = len(modules)
    version = (size - 17) // 4
    assert size == 17 + 4 * version
    assert version in _BLOCKS, version
    level, mask = _format(modules)
    assert level == 0, "not level M"
    fixed = _fixed(size, version)
    bits = [modules[i][j] ^ _MASKS[mask](i, j) for i, j in _path(size) if (i, j) not in fixed]
    words = [_number(bits[k : k + 8]) for k in range(0, len(bits) - len(bits) % 8, 8)]
    data = _blocks(words, version)
    stream = [bool(word >> k & 1) for word in data for k in range(7, -1, -1)]
    assert _number(stream[:4]) == _BYTES
    count = _number(stream[4:12])
    return bytes(_number(stream[12 + 8 * k : 20 + 8 * k]) for k in range(count)).decode()


def _number(bits: Sequence[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _format(modules: Sequence[Sequence[bool]]) -> tuple[int, int]:
    places = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [(i, 8) for i in (7, 5, 4, 3, 2, 1, 0)]
    value = _number([modules[i][j] for i, j in places]) ^ 0b101010000010010
    return value >> 13, value >> 10 & 7


def _fixed(size: int, version: int) -> set[tuple[int, int]]:
    def square(top: int, left: int, high: int, wide: int) -> set[tuple[int, int]]:
        return {(i, j) for i in range(top, top + high) for j in range(left, left + wide)}

    found = square(0, 0, 9, 9) | square(0, size - 8, 9, 8) | square(size - 8, 0, 8, 9)
    found |= {(6, k) for k in range(size)} | {(k, 6) for k in range(size)}
    centers = _ALIGNMENT[version]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for i in centers:
        for j in centers:
            if (i, j) not in corners:
                found |= square(i - 2, j - 2, 5, 5)
    if version >= 7:
        found |= square(0, size - 11, 6, 3) | square(size - 11, 0, 3, 6)
    return found


def _path(size: int) -> Iterator[tuple[int, int]]:
    upward = True
    column = size - 1
    while column > 0:
        if column == 6:
            column -= 1
        for k in range(size):
            row = size - 1 - k if upward else k
            yield row, column
            yield row, column - 1
        upward = not upward
        column -= 2


def _blocks(words: Sequence[int], version: int) -> list[int]:
    lengths, checks = _BLOCKS[version]
    blocks: list[list[int]] = [[] for _ in lengths]
    rest = iter(words)
    for position in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if position < length:
                block.append(next(rest))
    data = [word for block in blocks for word in block]
    for _ in range(checks):
        for block in blocks:
            block.append(next(rest))
    for block in blocks:
        assert all(_value(block, power) == 0 for power in range(checks)), "check words"
    return data


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def _value(block: Sequence[int], power: int) -> int:
    """The block as a polynomial at 2 to that power."""
    at = 1
    for _ in range(power):
        at = _times(at, 2)
    value = 0
    for word in block:
        value = _times(value, at) ^ word
    return value
