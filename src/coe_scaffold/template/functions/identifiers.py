"""Deterministic names: ``guid`` and ``uniqueString``, bit for bit as ARM computes them."""

from __future__ import annotations

import uuid

from coe_scaffold.model.access import ARM_GUID_NAMESPACE
from coe_scaffold.model.json import Value
from coe_scaffold.template.functions.registry import Policy, declare, text

_MASK = 0xFFFFFFFF
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def guid(*parts: Value) -> str:
    """``guid(...)``: a version 5 UUID over the parts joined with ``-``."""
    return str(uuid.uuid5(ARM_GUID_NAMESPACE, "-".join(text("guid", part) for part in parts)))


def unique_string(*parts: Value) -> str:
    """``uniqueString(...)``: 13 characters, the 64-bit Murmur hash of the joined parts in base 32."""
    number = murmur64("-".join(text("uniqueString", part) for part in parts).encode())
    letters = []
    for _ in range(13):
        letters.append(_ALPHABET[number >> 59])
        number = (number << 5) & 0xFFFFFFFFFFFFFFFF
    return "".join(letters)


def _rotated(number: int, bits: int) -> int:
    return ((number << bits) | (number >> (32 - bits))) & _MASK


def _mixed(number: int) -> int:
    number ^= number >> 16
    number = (number * 0x85EBCA6B) & _MASK
    number ^= number >> 13
    number = (number * 0xC2B2AE35) & _MASK
    return number ^ (number >> 16)


def murmur64(data: bytes) -> int:
    """Return the hash ARM uses: two 32-bit lanes over blocks of eight bytes, seed 0."""
    low = high = 0
    whole = len(data) // 8 * 8
    for start in range(0, whole, 8):
        low ^= _first_lane(int.from_bytes(data[start : start + 4], "little"))
        low = (_rotated(low, 19) + high) & _MASK
        low = (low * 5 + 0x561CCD1B) & _MASK
        high ^= _second_lane(int.from_bytes(data[start + 4 : start + 8], "little"))
        high = (_rotated(high, 13) + low) & _MASK
        high = (high * 5 + 0x0BCAA747) & _MASK
    rest = data[whole:]
    if rest:
        low ^= _first_lane(int.from_bytes(rest[:4], "little"))
    if len(rest) > 4:
        high ^= _second_lane(int.from_bytes(rest[4:], "little"))
    low ^= len(data)
    high ^= len(data)
    low = (low + high) & _MASK
    high = (high + low) & _MASK
    low, high = _mixed(low), _mixed(high)
    low = (low + high) & _MASK
    high = (high + low) & _MASK
    return (high << 32) | low


def _first_lane(block: int) -> int:
    return (_rotated((block * 0x239B961B) & _MASK, 15) * 0xAB0E9789) & _MASK


def _second_lane(block: int) -> int:
    return (_rotated((block * 0xAB0E9789) & _MASK, 17) * 0x239B961B) & _MASK


FUNCTIONS = declare(
    Policy.WHOLE,
    guid=(guid, 1, None),
    uniqueString=(unique_string, 1, None),
)
