"""Comparing: which quads of the dataset another engine has, term by term.

Engines write values in their own way: Oxigraph 1.5 for 1.50, Virtuoso integers for whole decimals.
What has the same value is told apart from what is missing: it has arrived, but a query that
looks at its characters or its type may answer otherwise there.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import pyoxigraph as ox

from ccgkg.dataset.prefixes import XSD

__all__ = ["Difference", "difference"]

_NUMBERS = frozenset(
    XSD + name
    for name in (
        "byte", "decimal", "double", "float", "int", "integer", "long", "negativeInteger",
        "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "short", "unsignedByte",
        "unsignedInt", "unsignedLong", "unsignedShort",
    )
)  # fmt: skip
_TRUTH = {"1": "true", "0": "false"}
_TIMES = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp", "time", "gYear"))
_FRACTION = re.compile(r"(\.\d*?)0+(?!\d)")


class Difference(NamedTuple):
    """What two sets of quads have not in common.

    Attributes:
        missing: what is here only.
        extra: what is there only.
        rewritten: each quad here with the one there that has the same value otherwise written.
    """

    missing: set[ox.Quad]
    extra: set[ox.Quad]
    rewritten: list[tuple[ox.Quad, ox.Quad]]


def difference(here: set[ox.Quad], there: set[ox.Quad]) -> Difference:
    """Compare quads by their terms, and those that differ by their values.

    >>> a, b, c, d = (ox.Literal(text, datatype=ox.NamedNode(XSD + "decimal"))
    ...               for text in ("1.50", "1.5", "2", "3"))
    >>> s = ox.NamedNode("https://x.org/")
    >>> found = difference({ox.Quad(s, s, a), ox.Quad(s, s, c)}, {ox.Quad(s, s, b)})
    >>> [quad.object.value for quad in found.missing], found.extra, len(found.rewritten)
    (['2'], set(), 1)
    """
    missing, extra = here - there, there - here
    if not missing or not there:
        return Difference(missing, extra, [])
    written = {_valued(quad): quad for quad in there}
    twins = {quad: written[_valued(quad)] for quad in missing if _valued(quad) in written}
    return Difference(
        missing - twins.keys(),
        extra - set(twins.values()),
        sorted(twins.items(), key=lambda pair: str(pair[0])),
    )


def _valued(quad: ox.Quad) -> Hashable:
    return quad.graph_name, quad.subject, quad.predicate, _value(quad.object)


def _value(term: Hashable) -> Hashable:
    """What a term stands for: the same for two ways of writing one value."""
    if not isinstance(term, ox.Literal):
        return term
    kind, text = term.datatype.value, term.value
    if kind in _NUMBERS:
        # 2 is one value, as integer and as decimal.
        with suppress(InvalidOperation):
            return "number", Decimal(text)
    if kind == XSD + "boolean":
        text = _TRUTH.get(text, text)
    elif kind in _TIMES:
        text = _FRACTION.sub(r"\1", text).replace(".Z", "Z").removesuffix(".")
        text = re.sub(r"[+-]00:00$", "Z", text)
    return kind, text, term.language
