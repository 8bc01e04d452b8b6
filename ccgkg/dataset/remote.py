"""Refusing what would reach out of the dataset, before anything is evaluated.

`SERVICE` calls other servers and the engine has no switch against it, so the word must be
found wherever it is a keyword, and nowhere else. No tokenizer of ours could be trusted
with that (`FILTER(1<2)SERVICE#>` hides the word in what looks like an IRI). The engine's
own parser decides: the word is misspelt everywhere, and a query that still parses had it
only in IRIs, strings, comments and names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from ccgkg.corpus.tokens import unescaped
from ccgkg.errors import QueryError

__all__ = ["Refused", "refuse_remote"]

_SERVICE = re.compile(r"(servic)e", re.IGNORECASE)
_CALL = re.compile(r"service(\s+silent)?", re.IGNORECASE)
_UPDATE = re.compile(
    r"(?:\s|\#[^\n]*\n|PREFIX\s+[\w.-]*:\s*<[^>]*>|BASE\s+<[^>]*>)*"
    r"(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)


class Refused(QueryError):
    """A text that would reach out of the dataset or change it; told with the word's place."""

    def __init__(self, text: str, at: int, message: str, *, hint: str = "") -> None:
        line = text.count("\n", 0, at) + 1
        super().__init__(message, line=line, column=at - text.rfind("\n", 0, at), hint=hint)


def refuse_remote(text: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Refuse a text that is an update or calls a service.

    Args:
        text: the query; it is parsed, never evaluated.
        prefixes: those that need no declaration.

    Raises:
        Refused: it does, or may do once its escapes are undone.
    """
    plain = unescaped(text)
    if update := _UPDATE.match(plain):
        raise Refused(
            plain,
            update.start(1),
            f"{update.group(1).upper()} is refused: this is an update; the dataset is only read",
        )
    for version in dict.fromkeys((text, plain)):
        called = _SERVICE.search(version)
        if called is None or _parses(_SERVICE.sub(r"\1x", version), prefixes):
            continue
        # What parses as GRAPH in the place of SERVICE was a call; what does not is broken
        # besides, and will be told as such, unless only the escapes kept it from being a call.
        if _parses(_CALL.sub("GRAPH", version), prefixes) or version is not text:
            raise Refused(
                version,
                called.start(),
                "SERVICE is refused: a query reads this dataset and nothing else",
                hint="Export the dataset and load it beside the other one: ccgkg export",
            )
        raise Refused(
            version, called.start(), "the query is broken, and says SERVICE, which is refused"
        )


def _parses(text: str, prefixes: Mapping[str, str] | None) -> bool:
    try:
        ox.Store().query(text, prefixes=dict(prefixes or {}))
    except (SyntaxError, ValueError):
        return False  # not SPARQL, or not even text that can be encoded
    return True
