"""Ordering: ORDER BY in a form that the engine can sort, whatever the values.

Oxigraph compares numbers, times and durations each by value, and what it cannot compare so by its
characters; where both meet under one key, that is no order (2 < 10 < "1x" < 2), and its sorting
aborts the whole process. So each key is preceded by its value's kind: numbers come after all else,
and before them durations, and times with a zone. SPARQL leaves open how these are ordered. Times
without a zone stay among the others: their characters are in the order of their values, but for
years that have not four digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ccgkg.corpus.tokens import Token, pieces

__all__ = ["kind", "sortable"]

_ORDER = re.compile(r"\bORDER\s", re.IGNORECASE)
_AFTER = ("LIMIT", "OFFSET", "VALUES")
_OPENING = {"(": 1, "{": 1, ")": -1, "}": -1}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BY_VALUE = "#(date|dateTime|time|g[YMD][A-Za-z]*|dayTimeDuration|yearMonthDuration)$"
_NOT_BY_CHARACTERS = "^-?P|(Z|[+-]..:..)$"


def sortable(query: str) -> str:
    """A query whose keys of ORDER BY are each preceded by the kind of the value.

    Args:
        query: SPARQL text; what is no ORDER BY of the grammar is left as it is.

    >>> sortable("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 3").replace(kind("?s"), "…")
    'SELECT * { ?s ?p ?o } ORDER BY … ?s LIMIT 3'
    """
    if not _ORDER.search(query):
        return query
    found = pieces(query)
    told, last = [], 0
    for at in range(1, len(found)):
        if _word(found[at]) == "BY" and _word(found[at - 1]) == "ORDER":
            for start, key in _keys(query, found, at + 1):
                told += [query[last:start], key, " "]
                last = start
    return "".join([*told, query[last:]])


def kind(key: str) -> str:
    """An expression for what kind of value a key has: among values of one kind there is an order.

    It is an error, which comes before all else, where the value is no literal: so does that.
    Strings, which are the most, are recognised first. Each `xsd:duration` is a kind of its own, by
    its characters: a month is neither more nor less than 30 days.

    Args:
        key: SPARQL for the key's value.
    """
    return (
        f'IF(DATATYPE({key}) = <{_XSD}string>, "", IF(isNumeric({key}), "number", '
        f'IF(DATATYPE({key}) = <{_XSD}duration>, CONCAT("duration ", STR({key})), '
        f'IF(REGEX(STR(DATATYPE({key})), "{_BY_VALUE}")'
        f' && REGEX(STR({key}), "{_NOT_BY_CHARACTERS}"), STR(DATATYPE({key})), ""))))'
    )


def _keys(query: str, found: Sequence[Token], at: int) -> list[tuple[int, str]]:
    """Where each key starts, and what is to stand before it."""
    keys = []
    while at < len(found):
        first, word = found[at], _word(found[at])
        if first.text == "}" or word in _AFTER:
            break
        if first.kind == "variable":
            keys.append((first.start, kind(first.text)))
            at += 1
            continue
        end = _closed(found, at)
        if word in ("ASC", "DESC"):
            keys.append((first.start, f"{word}({kind(_cut(query, found, at + 1, end))})"))
        elif word not in ("EXISTS", "NOT"):
            keys.append((first.start, kind(_cut(query, found, at, end))))
        at = end
    return keys


def _closed(found: Sequence[Token], at: int) -> int:
    """The number of the token after the brackets that are opened next."""
    depth = 0
    while at < len(found):
        change = _OPENING.get(found[at].text, 0)
        depth += change
        at += 1
        if change < 0 and depth <= 0:
            break
    return at


def _cut(query: str, found: Sequence[Token], first: int, end: int) -> str:
    last = found[end - 1]
    return query[found[first].start : last.start + len(last.text)] if first < end else ""


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""
