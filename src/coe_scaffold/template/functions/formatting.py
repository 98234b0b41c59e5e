"""Values as text: .NET composite formatting in the invariant culture, as ARM's ``format()`` uses it."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import LONGEST, wrong
from coe_scaffold.template.values import Lambda, compact

_ITEM = re.compile(r"\{\{|\}\}|\{(\d+)\s*(?:,\s*(-?\d+)\s*)?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]")


def in_words(value: Value) -> str:
    """Return what ``string(x)`` gives: text as it is, True and False, JSON without spaces."""
    match value:
        case str():
            return value
        case bool():
            return str(value)
        case int():
            return str(value)
        case float():
            return plain_float(value)
        case None:
            return ""
        case Lambda():
            raise wrong("string", "a value", value)
    return compact(value)


def plain_float(value: float) -> str:
    """Return a float as .NET writes it: no trailing ``.0``."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace("e", "E")


def composite(template: str, arguments: tuple[Value, ...]) -> str:
    """Return a composite format string with its items filled in.

    Raises TemplateFailure for a stray brace, an index without argument, or a format .NET refuses.
    """

    def fill(match: re.Match[str]) -> str:
        whole = match.group(0)
        if whole in ("{{", "}}"):
            return whole[0]
        if whole in ("{", "}"):
            raise TemplateFailure(
                f"The template language function 'format' got an invalid format string: '{template}'."
            )
        index, width, style = int(match.group(1)), int(match.group(2) or 0), match.group(3) or ""
        if index >= len(arguments):
            raise TemplateFailure(
                "The template language function 'format' has no argument for the index "
                f"'{index}' in '{template}'."
            )
        if abs(width) > LONGEST:
            raise TemplateFailure(f"The template language function 'format' can't pad to '{width}'.")
        shown = styled(arguments[index], style.replace("{{", "{").replace("}}", "}"))
        return shown.ljust(-width) if width < 0 else shown.rjust(width)

    return _ITEM.sub(fill, template)


def _quoted(value: Any) -> str:
    """JSON as ``format()`` writes it: text in single quotes."""
    match value:
        case str():
            return "'" + compact(value)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        case dict():
            return "{" + ",".join(f"{_quoted(key)}:{_quoted(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ",".join(_quoted(item) for item in value) + "]"
    return compact(value)


def styled(value: Any, style: str) -> str:
    """Return a value in a .NET format; only numbers know any."""
    if isinstance(value, dict | list):
        return _quoted(value)
    if not style or isinstance(value, bool) or not isinstance(value, int | float) or math.isinf(value):
        return in_words(value)
    match = re.fullmatch(r"([A-Za-z])(\d{0,3})", style)
    if match:
        return _standard(value, match.group(1), int(match.group(2)) if match.group(2) else None)
    return _custom(value, style)


def _standard(value: int | float, kind: str, digits: int | None) -> str:
    match kind.upper():
        case "D" if isinstance(value, int):
            return ("-" if value < 0 else "") + str(abs(value)).rjust(digits or 0, "0")
        case "X" if isinstance(value, int):
            shown = format(value & 0xFFFFFFFFFFFFFFFF if value < 0 else value, kind)
            return shown.rjust(digits or 0, "0")
        case "B" if isinstance(value, int):
            return format(value & 0xFFFFFFFFFFFFFFFF if value < 0 else value, "b").rjust(digits or 0, "0")
        case "N":
            return f"{_rounded(value, 2 if digits is None else digits):,}"
        case "F":
            return f"{_rounded(value, 2 if digits is None else digits)}"
        case "C":
            shown = f"{abs(_rounded(value, 2 if digits is None else digits)):,}"
            return f"(¤{shown})" if value < 0 else f"¤{shown}"
        case "P":
            return f"{_rounded(Decimal(str(value)) * 100, 2 if digits is None else digits):,} %"
        case "E":
            return _scientific(value, 6 if digits is None else digits, kind)
        case "G" | "R":
            return in_words(value)
    raise TemplateFailure(f"The template language function 'format' does not know the format '{kind}'.")


def _rounded(value: int | float | Decimal, digits: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _scientific(value: int | float, digits: int, kind: str) -> str:
    mantissa, exponent = f"{Decimal(str(value)):.{digits}e}".split("e")
    return f"{mantissa}{kind}{exponent[0]}{exponent[1:].rjust(3, '0')}"


def _custom(value: int | float, style: str) -> str:
    """A custom picture such as ``000``, ``#,##0.00`` or ``00-00``."""
    sections = style.split(";")
    picture = sections[0]
    if value < 0 and len(sections) > 1 and sections[1]:
        picture, value = sections[1], abs(value)
    elif value == 0 and len(sections) > 2:
        picture = sections[2]
    pattern = re.match(r"^([^0#]*)([0#,]*)(?:\.([0#]*))?([^0#]*)$", picture)
    if pattern is None or not (pattern.group(2) or pattern.group(3)):
        if re.search(r"[0#]", picture):
            return _digit_by_digit(value, picture)
        return picture
    before, whole, fraction, after = (part or "" for part in pattern.groups())
    shown = f"{abs(_rounded(value, len(fraction))):f}"
    integral, _, decimals = shown.partition(".")
    integral = integral.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole.strip(","):
        padded = integral.rjust((len(integral) + 2) // 3 * 3)
        integral = ",".join(padded[at : at + 3].strip() for at in range(0, len(padded), 3))
    least = len(fraction.rstrip("#"))
    kept = decimals.rstrip("0").ljust(least, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{before}{integral}{'.' + kept if kept else ''}{after}"


def _digit_by_digit(value: int | float, picture: str) -> str:
    """A picture with literal text between its digits: digits fill in from the right."""
    places = len(re.findall(r"[0#]", picture))
    digits = list(str(abs(round(value))).rjust(places, "0"))
    result = ["".join(digits[: len(digits) - places])]
    rest = digits[len(digits) - places :]
    for character in picture:
        result.append(rest.pop(0) if character in "0#" else character)
    return ("-" if value < 0 else "") + "".join(result)
