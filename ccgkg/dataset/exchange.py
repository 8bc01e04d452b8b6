"""Exchanges: one request to a server elsewhere, answered whole and in time, or an error.

Nothing that is not whole is ever handed on: a body must arrive to its last byte, unpack to
its end, stay below a size and be there in time. `failures` tells what went wrong.
"""

from __future__ import annotations

import gzip
import io
import ipaddress
import re
import ssl
import threading
import zlib
from collections.abc import Mapping
from concurrent.futures import Future
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import getproxies

import httpx

from ccgkg import __version__
from ccgkg.dataset.failures import broken_off, encoding, plain, refuse_partial, refused
from ccgkg.dataset.login import Login
from ccgkg.errors import NotBuildable, UsageError

__all__ = ["FORM", "Exchange", "Reply"]

FORM = "application/x-www-form-urlencoded"

MOST_BYTES = 200_000_000
"""The largest answer that is read: parsed it takes some ten times its size in memory."""

_MOST_REDIRECTS = 3
_TAKEN = (200, 201, 202, 204)
_SECRET = re.compile(r"([?&][^=&]*(?:token|key|secret|password)[^=&]*=)[^&]*", re.IGNORECASE)


class Reply(NamedTuple):
    """A whole answer.

    Attributes:
        media: its media type, without parameters.
        content: its bytes, unpacked.
    """

    media: str
    content: bytes


class _Errand(NamedTuple):
    """One request.

    Attributes:
        url: where to.
        headers: what they say of it and of its answer.
        content: what is posted; nothing is for what is only read.
        loading: whether it changes what the server holds.
    """

    url: httpx.URL
    headers: Mapping[str, str]
    content: bytes | None = None
    loading: bool = False


class Exchange:
    """A server that answers at one address.

    Attributes:
        shown: the address as it may be printed, without a password.
        server: what it calls itself, once it has answered.
    """

    def __init__(self, address: str, seconds: float) -> None:
        """Take an address; nothing is asked yet.

        Args:
            address: http or https, with name and password where the server wants them;
                a password that is not in it is looked up in the environment.
            seconds: what a request may take, from looking up the name to the last byte.

        Raises:
            UsageError: it is no such address.
        """
        url = _checked(address)
        self._url, self._seconds = url.copy_with(username=None, password=None), seconds
        self._login = Login.of(url)
        self.shown, self.server = _shown(url), ""
        self._clients: dict[str, httpx.Client] = {}

    def post(self, form: Mapping[str, str], accept: str) -> Reply:
        """Send a form, and get its answer in a media type that is accepted.

        Raises:
            NotBuildable: there is none, or it is not whole.
            QueryError: the server calls the query malformed.
        """
        headers = {"Accept": accept, "Content-Type": FORM}
        return self._within(_Errand(self._url, headers, urlencode(form).encode()))

    def get(self, path: str, accept: str) -> Reply:
        """What stands at a path of the server.

        Raises:
            NotBuildable: nothing that could be had, whole.
            QueryError: the server misses a query.
        """
        return self._within(_Errand(self._url.join(path), {"Accept": accept}))

    def load(self, content: bytes, media: str, query: str = "") -> None:
        """Send what the server is to take in.

        Args:
            content: what is sent.
            media: its media type.
            query: what the address gets as its query, beside its own.

        Raises:
            NotBuildable: it is not taken, or nobody knows whether it was.
        """
        own = self._url.query.decode()
        url = self._url.copy_with(query="&".join(filter(None, (own, query))).encode() or None)
        # Virtuoso answers an update with rows, and needs to be told in which format.
        headers = {"Accept": "*/*", "Content-Type": media}
        self._within(_Errand(url, headers, content, loading=True))

    def _within(self, errand: _Errand) -> Reply:
        """The answer in time.

        In a thread of its own: looking up a name cannot be interrupted, and a server that
        sends a byte now and then never runs into the limits that a socket has.
        """
        reply: Future[Reply] = Future()

        def work() -> None:
            try:
                reply.set_result(self._answered(errand))
            except BaseException as error:
                reply.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        try:
            return reply.result(self._seconds)
        except (TimeoutError, httpx.TimeoutException):
            for client in self._clients.values():
                client.close()
            raise self._timed_out(errand) from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise broken_off(self.shown, error) from None

    def _answered(self, errand: _Errand) -> Reply:
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._sent(errand)
            self.server = response.headers.get("Server", "")
            try:
                if not response.has_redirect_location:
                    return self._taken(response, errand)
                errand = self._redirected_errand(errand, response)
            finally:
                response.close()
        raise NotBuildable(f"{self.shown}: redirects more than {_MOST_REDIRECTS} times")

    def _redirected_errand(self, errand: _Errand, response: httpx.Response) -> _Errand:
        """The request that a redirect leads to.

        Raises:
            NotBuildable: it leads nowhere, or what is to be loaded would get to another server.
        """
        url = self._redirected(response)
        # Only 303 says that an answer lies there; all others say that the endpoint does.
        answered = response.status_code == 303
        if errand.loading and (answered or not _is_same_server(url, self._url)):
            raise NotBuildable(
                f"{self.shown}: redirects what it is to load to {_shown(url)}",
                hint="Give that address yourself, if that is meant.",
            )
        if answered:
            return _Errand(url, {"Accept": errand.headers["Accept"]})
        return errand._replace(url=url)

    def _sent(self, errand: _Errand) -> httpx.Response:
        """The answer to a request, its body not read yet; nobody but the server gets the login."""
        client = self._client(errand.url.scheme)
        request = client.build_request(
            "GET" if errand.content is None else "POST",
            errand.url,
            content=errand.content,
            headers=dict(errand.headers),
        )

        def send(request: httpx.Request) -> httpx.Response:
            return client.send(request, stream=True)

        if self._login is None or not _is_same_server(errand.url, self._url):
            return send(request)
        return self._login.answer(request, send)

    def _client(self, scheme: str) -> httpx.Client:
        """The client for http or https.

        Raises:
            NotBuildable: the environment names a proxy that cannot be used.
        """
        if scheme not in self._clients:
            # Reading whom to trust takes longer than most answers: only https pays for it,
            # and what reaches its server through a proxy. A bare context trusts nobody.
            bare = scheme == "http" and not getproxies()
            headers = {"User-Agent": f"ccgkg/{__version__}", "Accept-Encoding": "gzip"}
            try:
                self._clients[scheme] = httpx.Client(
                    headers=headers,
                    timeout=self._seconds,
                    verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if bare else True,
                )
            except (ImportError, ValueError) as error:
                raise NotBuildable(
                    f"the proxy that the environment names cannot be used: {plain(str(error))}",
                    hint="See HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.",
                ) from None
        return self._clients[scheme]

    def _redirected(self, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads.

        Raises:
            NotBuildable: to no address, from https to http, or from outside to inside.
        """
        to = response.headers["Location"]
        try:
            url = response.url.join(to)
            _checked(str(url))
        except (httpx.InvalidURL, UsageError):
            raise NotBuildable(
                f"{self.shown}: redirects to `{plain(to)}`, which is no http(s) address"
            ) from None
        if response.url.scheme == "https" and url.scheme == "http":
            raise NotBuildable(
                f"{self.shown}: redirects from https to {_shown(url)}, which is not encrypted",
                hint="Give that address yourself, if that is meant.",
            )
        if _is_inside(url.host) and not _is_inside(response.url.host):
            raise NotBuildable(
                f"{self.shown}: redirects to {_shown(url)}, an address of this machine or network",
                hint="Give that address yourself, if that is meant.",
            )
        return url

    def _taken(self, response: httpx.Response, errand: _Errand) -> Reply:
        """The whole answer of a response.

        Raises:
            NotBuildable: it is none, is not whole or is too large.
            QueryError: the server calls the query malformed.
        """
        if response.status_code not in (_TAKEN if errand.loading else (200, 203)):
            known = self._login is not None and _is_same_server(errand.url, self._url)
            raise refused(self.shown, response, loading=errand.loading, known=known)
        refuse_partial(self.shown, response.headers)
        raw = bytearray()
        for chunk in response.iter_raw():
            raw += chunk
            if len(raw) > MOST_BYTES:
                raise self._too_large()
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if errand.loading:
            return Reply(media, b"")  # whatever it says: what counts is what is read back
        return Reply(media, self._unpacked(bytes(raw), encoding(response)))

    def _unpacked(self, raw: bytes, packed: str) -> bytes:
        if not packed:
            return raw
        if packed not in ("gzip", "x-gzip"):
            raise NotBuildable(f"{self.shown}: packs its answer as {plain(packed)}, unasked")
        try:
            content = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(MOST_BYTES + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise NotBuildable(
                f"{self.shown}: its answer is cut or broken, and cannot be unpacked: {error}"
            ) from None
        if len(content) > MOST_BYTES:
            raise self._too_large()
        return content

    def _timed_out(self, errand: _Errand) -> NotBuildable:
        more = "give it more time: --timeout SECONDS"
        return NotBuildable(
            f"{self.shown}: has not answered in full within {self._seconds:g} seconds",
            hint=more[0].upper() + more[1:] if errand.loading else f"Ask for less, or {more}",
        )

    def _too_large(self) -> NotBuildable:
        return NotBuildable(
            f"{self.shown}: its answer is larger than {MOST_BYTES // 1_000_000} MB",
            hint="Ask for less, or with a LIMIT.",
        )


def _shown(url: httpx.URL) -> str:
    """An address without what lets its owner in: QLever takes a token in the query."""
    bare = str(url.copy_with(username=None, password=None, fragment=None))
    return plain(_SECRET.sub(r"\1…", bare))


def _checked(address: str) -> httpx.URL:
    """An address that can be asked.

    Raises:
        UsageError: it is none.
    """
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise UsageError(f"`{plain(address)}` is no address: {plain(str(error))}") from None
    if url.scheme not in ("http", "https") or not url.host or "%" in url.host:
        raise UsageError(
            f"`{plain(address)}` is no http(s) address of an endpoint",
            hint="Give it in full, such as https://example.org/sparql",
        )
    return url


def _is_same_server(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _is_inside(host: str) -> bool:
    """Whether an address is one of this machine or of its own network, as far as it says so."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
