"""Date functions: ISO 8601 in, ISO 8601 or a .NET date format out."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, declare, integer, text

_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-dd'T'HH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
ROUND_TRIP = "yyyy-MM-dd'T'HH:mm:ss'Z'"
BASIC = "yyyyMMdd'T'HHmmss'Z'"

_PICTURE = re.compile(
    r"'([^']*)'|\"([^\"]*)\"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f{1,7}|F{1,7}|t+|K|z+)|(.)", re.DOTALL
)
_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_READABLE = (
    "%Y-%m-%d %H:%M:%SZ",
    "%Y%m%dT%H%M%SZ",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%a, %d %b %Y %H:%M:%S GMT",
)


def parsed(value: str, function: str) -> datetime:
    """Return a date from text, UTC when it names no zone."""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.strip()))
    except ValueError:
        moment = _parsed_otherwise(value.strip(), function)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parsed_otherwise(value: str, function: str) -> datetime:
    for layout in _READABLE:
        try:
            return datetime.strptime(value, layout).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise TemplateFailure(f"The template language function '{function}' can't read the date '{value}'.")


def shown(moment: datetime, style: str) -> str:
    """Return a date in a .NET standard or custom format (invariant culture)."""
    if style in _STANDARD:
        universal = moment.astimezone(UTC) if style in "rRuU" else moment
        return _pictured(universal, _STANDARD[style])
    if len(style) == 1:
        raise TemplateFailure(f"The date format '{style}' is not valid.")
    return _pictured(moment, style.removeprefix("%"))


def _pictured(moment: datetime, picture: str) -> str:
    def fill(match: re.Match[str]) -> str:
        token = match.group(4)
        if token is None:
            return next(part for part in (*match.groups()[:3], match.group(5)) if part is not None)
        return _field(moment, token)

    return _PICTURE.sub(fill, picture)


def _field(moment: datetime, token: str) -> str:
    count, half = len(token), moment.hour % 12 or 12
    match token[0]:
        case "y":
            return str(moment.year % 100 if count <= 2 else moment.year).rjust(count, "0")
        case "M":
            names = calendar.month_abbr if count == 3 else calendar.month_name
            return names[moment.month] if count > 2 else str(moment.month).rjust(count, "0")
        case "d":
            days = calendar.day_abbr if count == 3 else calendar.day_name
            return days[moment.weekday()] if count > 2 else str(moment.day).rjust(count, "0")
        case "H" | "h" | "m" | "s":
            number = {"H": moment.hour, "h": half, "m": moment.minute, "s": moment.second}[token[0]]
            return str(number).rjust(min(count, 2), "0")
        case "f":
            return f"{moment.microsecond:06d}0"[:count]
        case "F":
            return f"{moment.microsecond:06d}0"[:count].rstrip("0")
        case "t":
            return ("AM" if moment.hour < 12 else "PM")[:count]
    return _zone(moment, token)


def _zone(moment: datetime, token: str) -> str:
    offset = moment.utcoffset() or timedelta()
    if token == "K" and not offset:
        return "Z"
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-" if minutes < 0 else "+"), abs(minutes)
    if token in ("z", "zz"):
        return sign + str(minutes // 60).rjust(len(token), "0")
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def date_time_add(base: Value, duration: Value, style: Value = None) -> str:
    """``dateTimeAdd(base, ISO 8601 duration[, format])``; a year has 365 days, a month 30 (documented)."""
    written, start = text("dateTimeAdd", duration), text("dateTimeAdd", base)
    match = _DURATION.fullmatch(written)
    if match is None or not any(match.groups()[1:]):
        raise TemplateFailure(
            f"The template language function 'dateTimeAdd' can't read the duration '{written}'."
        )
    sign = -1 if match.group(1) else 1
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[1:7])
    try:
        days += years * 365 + months * 30
        span = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(match.group(8) or 0)
        )
        moment = parsed(start, "dateTimeAdd") + sign * span
    except (OverflowError, ValueError):
        raise TemplateFailure(
            f"The template language function 'dateTimeAdd' leaves the calendar: '{start}' + '{written}'."
        ) from None
    if style is not None:
        return shown(moment, text("dateTimeAdd", style))
    return shown(moment.astimezone(UTC), BASIC if re.match(r"^\d{8}T", start) else ROUND_TRIP)


def from_epoch(value: Value) -> str:
    """``dateTimeFromEpoch(seconds)``."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=integer("dateTimeFromEpoch", value))
    except OverflowError:
        raise TemplateFailure(
            f"The template language function 'dateTimeFromEpoch' leaves the calendar: '{value}'."
        ) from None
    return shown(moment, ROUND_TRIP)


def to_epoch(value: Value) -> int:
    """``dateTimeToEpoch(date)``: seconds since 1970."""
    moment = parsed(text("dateTimeToEpoch", value), "dateTimeToEpoch")
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


FUNCTIONS = declare(
    Policy.WHOLE,
    dateTimeAdd=(date_time_add, 2, 3),
    dateTimeFromEpoch=(from_epoch, 1, 1),
    dateTimeToEpoch=(to_epoch, 1, 1),
)
