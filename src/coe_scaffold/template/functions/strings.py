"""String functions."""

from __future__ import annotations

from coe_scaffold.model.json import Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.formatting import composite, in_words
from coe_scaffold.template.functions.registry import LONGEST, Policy, array, declare, integer, text, wrong


def pad_left(value: Value, width: Value, filler: Value = " ") -> str:
    """``padLeft(text, width[, character])``."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise wrong("padLeft", "a string or an integer", value)
    length, character = integer("padLeft", width), text("padLeft", filler)
    if len(character) != 1 or not 0 <= length <= LONGEST:
        raise TemplateFailure(
            "The template language function 'padLeft' expects a width it can pad to and one character."
        )
    return str(value).rjust(length, character)


def replace(value: Value, old: Value, new: Value) -> str:
    """``replace(text, old, new)``."""
    if not text("replace", old):
        raise TemplateFailure("The template language function 'replace' can't replace an empty string.")
    return text("replace", value).replace(old, text("replace", new))


def split(value: Value, delimiters: Value) -> list[str]:
    """``split(text, delimiter or delimiters)``."""
    wanted = delimiters if isinstance(delimiters, list) else [delimiters]
    parts = [text("split", value)]
    marks = [text("split", mark) for mark in wanted if mark != ""]
    while marks:
        cut, mark = [], marks.pop()
        for part in parts:
            cut += part.split(mark)
        parts = cut
    return parts


def join(items: Value, delimiter: Value) -> str:
    """``join(array, delimiter)``."""
    return text("join", delimiter).join(in_words(item) for item in array("join", items))


def substring(value: Value, start: Value, length: Value = None) -> str:
    """``substring(text, start[, length])``."""
    whole, first = text("substring", value), integer("substring", start)
    count = len(whole) - first if length is None else integer("substring", length)
    if first < 0 or count < 0 or first + count > len(whole):
        raise TemplateFailure(
            "The template language function 'substring' parameters 'startIndex' and 'length' must refer to a "
            f"location within the string: '{first}', '{count}', '{len(whole)}'."
        )
    return whole[first : first + count]


def starts_with(value: Value, part: Value) -> bool:
    """``startsWith(text, part)``, without regard to case."""
    return text("startsWith", value).lower().startswith(text("startsWith", part).lower())


def ends_with(value: Value, part: Value) -> bool:
    """``endsWith(text, part)``, without regard to case."""
    return text("endsWith", value).lower().endswith(text("endsWith", part).lower())


def like(value: Value, pattern: Value) -> bool:
    """``like(text, pattern)``: ``*`` stands for any text; without regard to case."""
    first, *rest = text("like", pattern).lower().split("*")
    subject = text("like", value).lower()
    if not rest:
        return subject == first
    if not subject.startswith(first) or not subject[len(first) :].endswith(rest[-1]):
        return False
    subject = subject[len(first) : len(subject) - len(rest[-1])]
    for part in rest[:-1]:
        place = subject.find(part)
        if place < 0:
            return False
        subject = subject[place + len(part) :]
    return True


def format_(template: Value, *arguments: Value) -> str:
    """``format(template, ...)``: .NET composite formatting."""
    return composite(text("format", template), arguments)


FUNCTIONS = declare(
    Policy.WHOLE,
    endsWith=(ends_with, 2, 2),
    format=(format_, 1, None),
    join=(join, 2, 2),
    like=(like, 2, 2),
    padLeft=(pad_left, 2, 3),
    replace=(replace, 3, 3),
    split=(split, 2, 2),
    startsWith=(starts_with, 2, 2),
    string=(in_words, 1, 1),
    substring=(substring, 2, 3),
    toLower=(lambda value: text("toLower", value).lower(), 1, 1),
    toUpper=(lambda value: text("toUpper", value).upper(), 1, 1),
    trim=(lambda value: text("trim", value).strip(), 1, 1),
)
