"""Clauses: which graphs a query asks for with FROM and FROM NAMED.

The engine evaluates these clauses itself, and counts a triple in two default graphs twice; they
are read here to merge such graphs rightly, and to tell which of them the dataset lacks. What is
read takes the place of the query's own clauses. Reading tokens is enough: between the form of a
query and its pattern nothing but a clause says FROM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ccgkg.corpus.resolving import resolved

__all__ = ["Graphs", "asked_graphs"]


class Graphs(NamedTuple):
    """The graphs that a query reads, by their IRIs.

    Attributes:
        default: their merge is its default graph.
        named: what `GRAPH` finds.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def asked_graphs(query: str, prefixes: Mapping[str, str], base: str = "") -> Graphs | None:
    """The graphs that a query asks for; None where it leaves that to the dataset.

    Args:
        query: SPARQL text.
        prefixes: those that need no declaration.
        base: what its relative IRIs are resolved against.

    >>> asked_graphs("ASK FROM <a> FROM NAMED <b> { GRAPH ?g { } }", {}, "https://x.org/")
    Graphs(default=('https://x.org/a',), named=('https://x.org/b',))
    """
    if "from" not in query.casefold():
        return None
    default: list[str] = []
    named: list[str] = []
    depth, before, form = 0, ["", ""], ""
    for token in resolved(query, prefixes, base):
        form = form or token.text
        if token.text == "{" and depth == 0 and not (form == "CONSTRUCT" == before[1]):
            break
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(token.text, 0)
        if token.kind == "iri" and before[1] == "FROM":
            default.append(token.text)
        elif token.kind == "iri" and before == ["FROM", "NAMED"]:
            named.append(token.text)
        before = [before[1], token.text]
    return Graphs(tuple(default), tuple(named)) if default or named else None
