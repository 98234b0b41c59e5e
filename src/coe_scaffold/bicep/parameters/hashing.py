"""``guid`` and ``uniqueString``, equal to ARM's."""

from __future__ import annotations

import uuid

GUID_NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
"""The name space in which ARM's ``guid()`` makes version 5 UUIDs."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_MASK = 0xFFFFFFFF


def guid(*parts: str) -> str:
    """Return ARM's ``guid()`` of its arguments."""
    return str(uuid.uuid5(GUID_NAMESPACE, "-".join(parts)))


def unique_string(*parts: str) -> str:
    """Return ARM's ``uniqueString()``: 13 characters of a 64-bit Murmur hash."""
    value = murmur64("-".join(parts).encode())
    characters = []
    for _ in range(13):
        characters.append(_ALPHABET[value >> 59])
        value = (value << 5) & 0xFFFFFFFFFFFFFFFF
    return "".join(characters)


def murmur64(data: bytes) -> int:
    """Return the two-lane 32-bit Murmur hash that ARM uses, as one 64-bit number."""
    first = second = 0
    whole = len(data) - len(data) % 8
    for index in range(0, whole, 8):
        low = int.from_bytes(data[index : index + 4], "little")
        high = int.from_bytes(data[index + 4 : index + 8], "little")
        first = _rotate(first ^ _lane_one(low), 19) + second & _MASK
        first = first * 5 + 0x561CCD1B & _MASK
        second = _rotate(second ^ _lane_two(high), 13) + first & _MASK
        second = second * 5 + 0x0BCAA747 & _MASK
    tail = data[whole:]
    if tail:
        first ^= _lane_one(int.from_bytes(tail[:4], "little"))
        if len(tail) > 4:
            second ^= _lane_two(int.from_bytes(tail[4:], "little"))
    first ^= len(data)
    second ^= len(data)
    first = first + second & _MASK
    second = second + first & _MASK
    first, second = _finish(first), _finish(second)
    first = first + second & _MASK
    second = second + first & _MASK
    return second << 32 | first


def _rotate(value: int, bits: int) -> int:
    return (value << bits | value >> (32 - bits)) & _MASK


def _lane_one(block: int) -> int:
    return _rotate(block * 0x239B961B & _MASK, 15) * 0xAB0E9789 & _MASK


def _lane_two(block: int) -> int:
    return _rotate(block * 0xAB0E9789 & _MASK, 17) * 0x239B961B & _MASK


def _finish(value: int) -> int:
    value ^= value >> 16
    value = value * 0x85EBCA6B & _MASK
    value ^= value >> 13
    value = value * 0xC2B2AE35 & _MASK
    return value ^ value >> 16
