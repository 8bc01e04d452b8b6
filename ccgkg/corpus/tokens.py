"""The tokens of a SPARQL query, as far as parameters need them.

Parameters are inserted between tokens: never inside an IRI, a string or a comment, and
never as raw text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Token", "insert", "tokens"]

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n\r]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<name> [A-Za-z][\w.-]*:(?:[\w:%.-]|\\.)* | :(?:[\w:%-]|\\.)+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word> [A-Za-z_]\w* )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a query.

    Attributes:
        kind: `comment`, `iri`, `string`, `variable`, `name`, `language`, `word` or `other`.
        text: its characters.
        start: offset in the query.
    """

    kind: str
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """Cut a query into tokens; together they are the whole query.

    >>> [t.text for t in tokens('?a "x # y" # c') if t.text.strip()]
    ['?a', '"x # y"', '# c']
    """
    for match in _TOKEN.finditer(query):
        yield Token(match.lastgroup or "other", match.group(), match.start())


def insert(query: str, values: Mapping[str, str]) -> str:
    """Replace variables by serialised terms, between tokens.

    Args:
        query: the query.
        values: variable name without `?` to a term in SPARQL's own notation.
    """
    # White space on both sides: `5?_n_integer` must not become another number.
    return "".join(
        f" {values[token.text[1:]]} "
        if token.kind == "variable" and token.text[1:] in values
        else token.text
        for token in tokens(query)
    )
