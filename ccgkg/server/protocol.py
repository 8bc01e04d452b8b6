"""The SPARQL 1.1 Protocol: what a request asks, as the W3C's recommendation has it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from ccgkg.server.negotiation import RESULTS, TRIPLES, best
from ccgkg.server.problems import Problem
from ccgkg.server.settings import Settings

__all__ = ["Asked", "Parameters", "asked", "is_lasting", "parameters", "read_body"]

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_UPDATING = ("update", "using-graph-uri", "using-named-graph-uri")
_KNOWN = ("query", "default-graph-uri", "named-graph-uri", "format")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f]*")
_CHANGING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)
_DIALECT = {"output", "results"}
"""What SPARQLWrapper sends beside a `format` of its own, to endpoints of any make."""

_READ_ONLY = "updates are refused: the dataset is only read"

_LARGE = 50_000
_MOST_GRAPHS = 200

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and how its answer is wanted.

    Attributes:
        query: SPARQL text.
        default: IRIs of the graphs that make the default graph, as the request says.
        named: IRIs of the graphs that it names.
        formats: kind of answer to format and media type; a kind is missing that cannot be told
            in any format that the client takes.
    """

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    formats: Mapping[str, tuple[str, str]]


def is_lasting(query: str) -> bool:
    """Whether the same dataset answers a query alike each time."""
    return _CHANGING.search(query) is None


async def asked(request: Request, settings: Settings) -> Asked | None:
    """What a request asks; None where it asks nothing, and so what the service is.

    Raises:
        Problem: it is no request of the protocol, or an update.
    """
    given = list(parameters(request))
    if request.method == "POST":
        given += await _posted(request, settings)
    _refuse_update(given)
    queries = [value for name, value in given if name == "query"]
    if not queries:
        if request.method == "POST" or given:
            known = ", ".join(f"`{name}`" for name in _KNOWN)
            raise Problem(400, "the request has no `query`", hint=f"Parameters are {known}.")
        return None
    if len(queries) > 1:
        raise Problem(400, "`query` is given more than once")
    named = {name for name, _ in given}
    formats = [value for name, value in given if name == "format" and not named & _DIALECT]
    return Asked(
        queries[0],
        _graphs(given, "default-graph-uri"),
        _graphs(given, "named-graph-uri"),
        _formats(request.headers.get("accept", ""), tuple(formats)),
    )


def parameters(request: Request) -> Parameters:
    """The parameters in a request's address.

    Raises:
        Problem: they are not UTF-8 text.
    """
    return _pairs(request.scope["query_string"])


def _pairs(content: bytes) -> Parameters:
    try:
        return parse_qsl(
            content.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not UTF-8 text, percent-encoded") from None
    except ValueError:
        raise Problem(400, "there are more than 1,000 parameters") from None


async def _posted(request: Request, settings: Settings) -> Parameters:
    media = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if media == _UPDATE:
        raise Problem(403, _READ_ONLY)
    if media not in (_FORM, _QUERY):
        raise Problem(415, f"a query is posted as {_QUERY} or {_FORM}")
    body = await read_body(request, settings)
    if media == _FORM:
        # Undoing the escapes of a large form takes its time, and others are to be served.
        return await asyncio.to_thread(_pairs, body) if len(body) > _LARGE else _pairs(body)
    try:
        return [("query", body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise Problem(400, f"the query is not UTF-8 text (byte {error.start})") from None


async def read_body(request: Request, settings: Settings) -> bytes:
    """The body of a request.

    Raises:
        Problem: it is too large or does not arrive.
    """
    large = Problem(413, f"the request has more than {settings.most_query} bytes", headers=_CLOSE)
    if int(request.headers.get("content-length", "0")) > settings.most_query:
        raise large
    body = bytearray()
    try:
        async with asyncio.timeout(settings.patience):
            async for part in request.stream():
                body += part
                if len(body) > settings.most_query:
                    raise large
    except TimeoutError:
        raise Problem(408, "the request does not arrive", headers=_CLOSE) from None
    except ClientDisconnect:
        raise Problem(400, "the client has gone") from None
    return bytes(body)


_CLOSE = {"Connection": "close"}


def _refuse_update(given: Parameters) -> None:
    for name, _ in given:
        if name in _UPDATING:
            raise Problem(403, _READ_ONLY)


def _graphs(given: Parameters, name: str) -> tuple[str, ...]:
    graphs = tuple(dict.fromkeys(value for key, value in given if key == name))
    if len(graphs) > _MOST_GRAPHS:
        raise Problem(400, f"`{name}` is given more than {_MOST_GRAPHS} times")
    for graph in graphs:
        if not _IRI.fullmatch(graph):
            raise Problem(400, f"`{name}` is an absolute IRI; {graph!r} is none")
    return graphs


@lru_cache(maxsize=256)
def _formats(accept: str, named: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    """Kind of answer to the format and media type in which it is wanted.

    Raises:
        Problem: a format is named that does not exist.
    """
    results, triples = best(accept, RESULTS), best(accept, TRIPLES)
    if named:
        every = {**RESULTS, **TRIPLES}
        if len(named) > 1 or named[0] not in every:
            raise Problem(400, "there is no such `format`", hint=f"It is one of {', '.join(every)}")
        results = (named[0], RESULTS[named[0]][0]) if named[0] in RESULTS else None
        triples = (named[0], TRIPLES[named[0]][0]) if named[0] in TRIPLES else None
    kinds = {"select": results, "ask": results, "construct": triples}
    return {kind: chosen for kind, chosen in kinds.items() if chosen is not None}
