"""The tokens of a SPARQL query, as far as parameters and columns need them.

Parameters are inserted between tokens: never inside an IRI, a string or a comment, and
never as raw text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Token", "columns", "form", "insert", "pieces", "tokens", "unescaped"]

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n\r]* )
    | (?P<iri> <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*> )
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
_JOINED = re.compile(
    r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|_:\w(?:[\w.-]*[\w-])?|&&|\|\||[!<>=]=|<>|\^\^"
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


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


def pieces(text: str) -> list[Token]:
    r"""The tokens of a query as its grammar has them, without white space and comments.

    >>> [piece.text for piece in pieces("?a>=-1.5e3 . # so\n?a a ccg:Claim.")]
    ['?a', '>=', '-1.5e3', '.', '?a', 'a', 'ccg:Claim', '.']
    """
    found: list[Token] = []
    end = 0
    for token in tokens(text):
        if token.start < end or token.kind == "comment" or token.text.isspace():
            continue
        joined = _JOINED.match(text, token.start) if token.kind in ("other", "word") else None
        whole = joined.group() if joined else token.text
        end = token.start + len(whole)
        if token.kind == "name" and whole.endswith("."):
            whole = whole.rstrip(".")
        found.append(Token(token.kind, whole, token.start))
        found += [Token("other", ".", at) for at in range(token.start + len(whole), end)]
    return found


def form(query: str) -> str:
    r"""`SELECT`, `CONSTRUCT`, `ASK` or `DESCRIBE`; empty if the text is none of them.

    >>> form("PREFIX ask: <http://example.org/> # select\nCONSTRUCT WHERE { ?ask ask:select 1 }")
    'CONSTRUCT'
    """
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word in _FORMS), "")


def unescaped(text: str) -> str:
    r"""Undo the escapes by which SPARQL writes any character as hexadecimal digits.

    >>> unescaped(r"http://x/\u00e9")
    'http://x/é'
    """
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape.group(1) or escape.group(2), 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape.group()


def columns(query: str) -> set[str]:
    """The columns of a SELECT, without `?`; none of another form of query.

    >>> sorted(columns("SELECT ?claim (COUNT(?to) AS ?n) { ?claim ?from ?to }"))
    ['claim', 'n']
    >>> sorted(columns("SELECT * { ?claim ?from ?to }"))
    ['claim', 'from', 'to']
    """
    spoken = [t for t in tokens(query) if t.kind != "comment" and not t.text.isspace()]
    forms = [
        at
        for at, token in enumerate(spoken)
        if token.kind == "word" and token.text.upper() in _FORMS
    ]
    if not forms or spoken[forms[0]].text.upper() != "SELECT":
        return set()
    found, depth, before = set(), 0, ""
    for token in spoken[forms[0] + 1 :]:
        if depth == 0 and token.text == "*":
            return {token.text[1:] for token in spoken if token.kind == "variable"}
        if depth == 0 and token.text == "{":
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and (depth == 0 or (depth == 1 and before == "AS")):
            found.add(token.text[1:])
        before = token.text.upper()
    return found


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
