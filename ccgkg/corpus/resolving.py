"""Resolving: the tokens of a SPARQL query, its names and relative IRIs made absolute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from ccgkg.corpus.tokens import Token, tokens, unescaped

__all__ = ["resolved"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def resolved(query: str, prefixes: Mapping[str, str], base: str = "") -> Iterator[Token]:
    """The tokens after the prologue: IRIs absolute and without brackets, words in capitals.

    Args:
        query: SPARQL text.
        prefixes: those that need no declaration.
        base: what its relative IRIs are resolved against.

    >>> [t.text for t in resolved("BASE <https://x.org/> ask { <a> x:b '<c>' }", {"x": "urn:"})]
    ['ASK', '{', 'https://x.org/a', 'urn:b', "'<c>'", '}']
    """
    known = dict(prefixes)
    stream = _significant(query)
    for token in stream:
        kind, text = token.kind, token.text.upper() if token.kind == "word" else token.text
        if kind == "word" and text in ("PREFIX", "BASE"):
            prefix, iri = _declaration(stream)
            if text == "BASE":
                base = _absolute(base, iri)
            else:
                known[prefix] = _absolute(base, iri)
            continue
        if kind == "iri":
            text = _absolute(base, unescaped(text[1:-1]))
        elif kind == "name" and (prefix := text.partition(":")[0]) in known:
            local = re.sub(r"\\(.)", r"\1", text.partition(":")[2])
            kind, text = "iri", known[prefix] + local
        yield Token(kind, text, token.start)


def _absolute(base: str, iri: str) -> str:
    if not base or _SCHEME.match(iri):
        return iri
    # urljoin drops the sign of an empty fragment, which ends many a namespace.
    end = "#" if iri.endswith("#") else ""
    try:
        return urljoin(base, iri.removesuffix("#")) + end
    except ValueError:  # an address that is none; the engine will say so
        return iri


def _declaration(stream: Iterator[Token]) -> tuple[str, str]:
    """What stands after PREFIX or BASE: a prefix without colon, or nothing, and an IRI."""
    prefix = ""
    for token in stream:
        if token.kind == "iri":
            return prefix.removesuffix(":"), unescaped(token.text[1:-1])
        prefix += token.text
    return prefix, ""


def _significant(query: str) -> Iterator[Token]:
    """All tokens but comments and white space; the dot that ends a triple is no part of a name."""
    blank = -1
    for token in tokens(query):
        if token.kind == "comment" or token.text.isspace():
            continue
        if token.kind == "word" and token.text == "_":
            blank = token.start + 1
        elif token.start == blank:  # `_:b` is a blank node, not a name without prefix
            yield Token("variable", f"_{token.text}", token.start)
        elif token.kind == "name" and re.search(r"(?<!\\)\.$", token.text):
            name = token.text.rstrip(".")
            yield Token("name", name, token.start)
            yield Token("other", ".", token.start + len(name))
        else:
            yield token
