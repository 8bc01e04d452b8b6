"""Failures: what kept a server elsewhere from answering, told so that one can act on it.

Which error it is follows the table of `ccgkg.errors`: an address that can be none is the
call's fault (`UsageError`), a query that the server calls malformed is the query's
(`QueryError`); in all other cases the dataset cannot be had there (`NotBuildable`), be it
that nobody answers, that it is refused, or that what came is no answer, and so with whatever
a server does not load. What a server says is shown shortened and without control characters.
"""

from __future__ import annotations

import html
import json
import re
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping

import httpx

from ccgkg.errors import CcgkgError, NotBuildable, QueryError

__all__ = ["broken_off", "encoding", "plain", "refuse_partial", "refused"]

_MOST_SAID = 300
_MOST_TOLD_BYTES = 65_536
"""How much of an error page is read to find out what it says."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

_STATUSES: Mapping[int, tuple[str, str]] = {
    401: (
        "wants a name and a password",
        "Put them into the address: https://NAME:PASSWORD@…, or the password into CCGKG_PASSWORD.",
    ),
    403: ("refuses to answer", ""),
    404: ("has nothing at this address", "Many endpoints are at /sparql."),
    405: ("takes no queries by POST, so it is no SPARQL endpoint", "Many are at /sparql."),
    406: ("has no format that can be read here", ""),
    408: ("took too long to receive the query", "Try again, or give a shorter query."),
    413: ("finds the query or its answer too large", "Ask for less, by a LIMIT for instance."),
    414: ("finds the address too long", ""),
    415: ("takes no queries as forms, so it is no SPARQL endpoint", "Many are at /sparql."),
    429: ("has been asked too often", ""),
    502: ("cannot reach its own server", "Try again later."),
    503: ("is too busy or down", "Try again later."),
    504: ("ran out of time", "Ask for less, by a LIMIT for instance."),
}
"""Status to what it means and what to do."""

_LOADING: Mapping[int, tuple[str, str]] = {
    400: ("calls what it is to load malformed", ""),
    403: ("does not let this be loaded", "Log in as somebody who may write there."),
    404: ("has nothing at this address", "It may be the address of something else there."),
    405: ("takes nothing by POST, so nothing is loaded at this address", ""),
    406: ("has no format for what it would answer", ""),
    408: ("took too long to receive what it is to load", "Push again."),
    413: ("finds what it is to load too large", "Allow it more, or use its bulk loader."),
    415: ("does not take what it is to load in this format", ""),
    504: ("ran out of time", "Push again."),
    507: ("has no room left", ""),
}
"""The same for what is to be loaded, where it differs."""


def plain(text: str) -> str:
    r"""What a server says, in one line without control characters, shortened.

    >>> plain("no\x1b[2J such\nthing ")
    'no [2J such thing'
    """
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= _MOST_SAID else f"{line[:_MOST_SAID]}…"


def refused(
    shown: str, response: httpx.Response, *, loading: bool = False, known: bool = False
) -> CcgkgError:
    """What a status other than 200 says, with the server's own words.

    Args:
        shown: the server's address.
        response: its body is not read yet.
        loading: whether it was to load something, not to answer a query.
        known: whether it was given a name and a password.
    """
    status = response.status_code
    said = _said(response)
    told = f": {said}" if said else ""
    if status == 400 and not loading:
        return QueryError(f"{shown}: calls the query malformed (HTTP 400){told}")
    statuses = {**_STATUSES, **_LOADING} if loading else _STATUSES
    what, hint = statuses.get(status, ("failed" if status >= 500 else "gave no answer", ""))
    if status == 401 and known:
        what, hint = "does not take this name and password", ""
    if wait := plain(response.headers.get("Retry-After", "")):
        hint = f"Try again in {wait} s." if wait.isdigit() else f"Try again after {wait}."
    return NotBuildable(f"{shown}: {what} (HTTP {status}){told}", hint=hint)


def refuse_partial(shown: str, headers: httpx.Headers) -> None:
    """Refuse what is a part of an answer: Virtuoso says so in headers alone, beside 200.

    Raises:
        NotBuildable: the time of the query ran out, or its rows were cut.
    """
    state = headers.get("X-SQL-State", "00000")
    if state != "00000":
        told = plain(headers.get("X-SQL-Message", "its time ran out"))
        raise NotBuildable(
            f"{shown}: gave only a part of the answer ({plain(state)}: {told})",
            hint="Ask for less, or with a LIMIT.",
        )
    if "X-SPARQL-MaxRows" in headers:
        most = plain(headers["X-SPARQL-MaxRows"])
        raise NotBuildable(
            f"{shown}: gives at most {most} rows, and says so where its answer may be cut",
            hint="Ask for less, in parts, or with a LIMIT below that.",
        )


def broken_off(shown: str, error: Exception) -> NotBuildable:
    """What kept a request from being answered, by what was raised."""
    causes = list(_causes(error))
    told = plain(str(error)) or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return NotBuildable(f"{shown}: the proxy does not let it be asked: {told}")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NotBuildable(f"{shown}: no safe connection (TLS): {told}")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NotBuildable(f"{shown}: no server of this name is found: {told}")
    if isinstance(error, httpx.ConnectError):
        return NotBuildable(f"{shown}: cannot be reached: {told}")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return NotBuildable(f"{shown}: broke off, or does not speak HTTP: {told}")
    return NotBuildable(f"{shown}: cannot be asked: {told}")


def encoding(response: httpx.Response) -> str:
    """How a body is packed; nothing where it is not."""
    named: str = response.headers.get("Content-Encoding", "").strip().lower()
    return "" if named == "identity" else named


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _said(response: httpx.Response) -> str:
    """The words of an error page: of a problem its detail, of a web page its text."""
    raw = b""
    for chunk in response.iter_raw():
        raw += chunk
        if len(raw) > _MOST_TOLD_BYTES:
            break
    if encoding(response):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, _MOST_TOLD_BYTES)
        except zlib.error:
            return ""
    text = raw[:_MOST_TOLD_BYTES].decode("utf-8", errors="replace")
    media = response.headers.get("Content-Type", "")
    if "json" in media:
        text = _problem(text)
    elif "html" in media:
        text = html.unescape(re.sub(r"(?is)<(script|style)\b[^<]*|<[^>]*>", " ", text))
    return plain(text)


def _problem(text: str) -> str:
    """What a problem says (RFC 9457), or the text where it is none."""
    try:
        problem = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(problem, dict):
        return text
    place = " ".join(f"{name} {problem[name]}" for name in ("line", "column") if name in problem)
    words = [place, problem.get("detail") or problem.get("title"), problem.get("hint")]
    return ": ".join(str(word) for word in words if word) or text
