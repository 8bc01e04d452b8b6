"""What a SPARQL query mentions: its IRIs, predicates, plain strings and unbound columns.

The query has been parsed by the engine before, so it is well formed, and what is read here
only leads to warnings: reading tokens is enough, and where they leave a doubt (a string
inside a call, a variable inside a subquery) nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ccgkg.corpus.resolving import resolved
from ccgkg.corpus.tokens import Token

__all__ = ["Mentions", "mentions"]

_COMPARING = ("FILTER", "IN", "HAVING", "BIND", "VALUES")
_TERMS = ("iri", "name", "string", "variable")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a query mentions, each thing once, in the order of the text.

    Attributes:
        iris: absolute IRIs, except namespaces it declares and what a CONSTRUCT would make.
        predicates: those of them that stand where a triple has its predicate.
        strings: literals without language or datatype, as written, with their quotes.
        unbound: columns of the outer SELECT that nothing in its pattern binds.
        bound: variables that the pattern binds.
    """

    iris: tuple[str, ...]
    predicates: tuple[str, ...]
    strings: tuple[str, ...]
    unbound: tuple[str, ...]
    bound: tuple[str, ...]


def mentions(query: str, prefixes: Mapping[str, str]) -> Mentions:
    """Read what a well-formed query mentions.

    Args:
        query: SPARQL text.
        prefixes: those that need no declaration.

    >>> found = mentions("SELECT ?b { ?a x:p/x:q 'c' }", {"x": "https://x.org/"})
    >>> found.iris, found.strings, found.unbound
    (('https://x.org/p', 'https://x.org/q'), ("'c'",), ('b',))
    """
    found = list(resolved(query, prefixes))
    if [token.text for token in found[:2]] == ["CONSTRUCT", "{"]:
        found = found[_end(found, 1, "{") :]
    columns, bound = _columns(found)
    return Mentions(
        iris=_once(token.text for token in found if token.kind == "iri"),
        predicates=_once(_predicates(_without(found, {"VALUES": "{", "FILTER": "({"}))),
        strings=_once(_plain_strings(found)),
        unbound=_once(column for column in columns if column not in bound),
        bound=bound,
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _end(found: Sequence[Token], at: int, brackets: str) -> int:
    """Just past the next group in one of these brackets."""
    depth, opened = 0, False
    for here in range(at, len(found)):
        token = found[here]
        opened = opened or (token.kind == "other" and token.text in brackets)
        if opened and token.kind == "other":
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return here + 1
    return len(found)


def _without(found: Sequence[Token], groups: Mapping[str, str]) -> list[Token]:
    """Leave out some keywords with the group that follows each."""
    kept: list[Token] = []
    at = 0
    while at < len(found):
        if found[at].kind == "word" and found[at].text in groups:
            at = _end(found, at, groups[found[at].text])
        else:
            kept.append(found[at])
            at += 1
    return kept


def _predicates(found: Sequence[Token]) -> Iterator[str]:
    for at, token in enumerate(found[1:-1], 1):
        before, after = found[at - 1], found[at + 1]
        in_path = before.text in ("/", "|", "^", "!") or after.text in ("/", "|", "*", "+", "?")
        typed = before.text == found[at - 2].text == "^"  # `"3"^^xsd:integer`
        follows = before.kind in _TERMS or before.text in (";", "]")
        precedes = after.kind in _TERMS or after.text == "["
        if token.kind == "iri" and not typed and (in_path or (follows and precedes)):
            yield token.text


def _plain_strings(found: Sequence[Token]) -> Iterator[str]:
    """Strings that a term must equal; not those that a function takes."""
    calls: list[bool] = []
    for at, token in enumerate(found):
        before = found[at - 1] if at else token
        if token.text == "(":
            called = before.kind in {"iri", "word"}
            calls.append(called and before.text not in _COMPARING)
        elif token.text == ")" and calls:
            calls.pop()
        elif token.kind == "string" and not any(calls):
            after = found[at + 1] if at + 1 < len(found) else token
            if after.kind != "language" and after.text != "^":
                yield token.text


def _columns(found: Sequence[Token]) -> tuple[list[str], tuple[str, ...]]:
    """The plain columns of the outer SELECT, and the variables that its pattern binds."""
    if not found or found[0].text != "SELECT":
        return [], ()
    opens = [token.text for token in found].index("{")
    closes = _end(found, opens, "{")
    columns, depth = [], 0
    for token in found[:opens]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and depth == 0:
            columns.append(token.text[1:])
    pattern = _without(found[opens:closes], {"FILTER": "({", "MINUS": "{"})
    tail = [token.text for token in found[closes:]]
    given = found[closes + tail.index("VALUES") :] if "VALUES" in tail else []
    named = [token for last, token in pairwise(found) if last.text == "AS"]
    binding = [*pattern, *given, *named]
    return columns, _once(token.text[1:] for token in binding if token.kind == "variable")
