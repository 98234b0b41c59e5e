"""Values as machines want them: ISO dates, plain decimals, IBANs whose check digits are right."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y")
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF", "SEK"})

_AMOUNT = re.compile(
    r"(?P<whole>-?(?:\d{1,3}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})*|\d+))"
    r"(?:(?!(?P=group))[.,](?P<cents>\d{1,2}))?"
)
"""Groups of three, or none; then at most two decimals after the other sign."""


def normalise(kind: str, raw: str) -> str:
    """Return the value in its one spelling, or an empty text when it is no value of the kind."""
    text = " ".join(raw.split()).strip(" .;,")
    match kind:
        case "date":
            return _date(text)
        case "amount":
            return _amount(text)
        case "currency":
            return _currency(text)
        case "iban":
            return _iban(text)
        case _:
            return text


def _date(text: str) -> str:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return ""


def _amount(text: str) -> str:
    match = re.search(r"-?\d[\d.,\s]*", text)
    if match is None or re.search(r"\d[a-zA-Z]\d|\d[oOlI]\b|\b[oOlI]\d", text):
        return ""
    parts = _AMOUNT.fullmatch(match.group().replace(" ", "").rstrip(".,"))
    if parts is None:
        return ""
    whole = re.sub(r"[.,]", "", parts["whole"])
    try:
        return str(Decimal(f"{whole}.{parts['cents'] or '0'}").quantize(Decimal("0.01")))
    except InvalidOperation:
        return ""


def _currency(text: str) -> str:
    for symbol, code in _SYMBOLS.items():
        if symbol in text:
            return code
    found = [word for word in re.findall(r"\b[A-Z]{3}\b", text.upper()) if word in _CURRENCIES]
    return found[0] if found else ""


def _iban(text: str) -> str:
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact):
        return ""
    number = "".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])
    return compact if int(number) % 97 == 1 else ""
