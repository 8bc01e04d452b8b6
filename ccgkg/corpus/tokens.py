"""The tokens of a SPARQL query, as far as safety needs them.

Parameters are inserted, and forbidden words found, between tokens: never inside an IRI,
a string or a comment, and never as raw text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ccgkg.errors import QueryError

__all__ = ["Token", "insert", "refuse_remote", "tokens"]

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

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_REMOTE = ("SERVICE", "LOAD")


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
    return "".join(
        values.get(token.text[1:], token.text) if token.kind == "variable" else token.text
        for token in tokens(query)
    )


def refuse_remote(query: str) -> None:
    """Refuse a query that would reach out of the dataset.

    SPARQL lets a keyword be spelled with code point escapes, so these are undone first.

    Raises:
        QueryError: it holds SERVICE or LOAD outside strings, IRIs and comments.
    """
    plain = _ESCAPE.sub(lambda m: chr(int(m.group(1) or m.group(2), 16)), query)
    for token in tokens(plain):
        if token.kind == "word" and token.text.upper() in _REMOTE:
            raise QueryError(
                f"{token.text.upper()} is refused: a query reads this dataset and nothing else",
                hint="Export the dataset and load it beside the other one: ccgkg export",
            )
