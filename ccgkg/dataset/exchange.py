"""Exchanges: one request to a server elsewhere, answered whole and in time, or an error.

Nothing that is not whole is ever handed on: a body must arrive to its last byte, unpack to
its end, stay below a size and be there in time. `failures` tells what went wrong.
"""

from __future__ import annotations

import gzip
import io
import ipaddress
import ssl
import threading
import zlib
from collections.abc import Mapping
from concurrent.futures import Future
from typing import NamedTuple
from urllib.request import getproxies

import httpx

from ccgkg import __version__
from ccgkg.dataset.failures import broken_off, encoding, plain, refuse_partial, refused
from ccgkg.errors import NotBuildable, UsageError

__all__ = ["Exchange", "Reply"]

MOST_BYTES = 200_000_000
"""The largest answer that is read: parsed it takes some ten times its size in memory."""

_MOST_REDIRECTS = 3


class Reply(NamedTuple):
    """A whole answer.

    Attributes:
        media: its media type, without parameters.
        content: its bytes, unpacked.
    """

    media: str
    content: bytes


class Exchange:
    """A server that answers at one address.

    Attributes:
        shown: the address as it may be printed, without a password.
    """

    def __init__(self, address: str, seconds: float) -> None:
        """Take an address; nothing is asked yet.

        Args:
            address: http or https, with name and password where the server wants them.
            seconds: what a request may take, from looking up the name to the last byte.

        Raises:
            UsageError: it is no such address.
        """
        self._url, self._seconds = _checked(address), seconds
        self.shown = _shown(self._url)
        self._clients: dict[str, httpx.Client] = {}

    def post(self, form: Mapping[str, str], accept: str) -> Reply:
        """Send a form, and get its answer in a media type that is accepted.

        Raises:
            NotBuildable: there is none, or it is not whole.
            QueryError: the server calls the query malformed.
        """
        return self._within(self._url, dict(form), accept)

    def get(self, path: str, accept: str) -> Reply:
        """What stands at a path of the server.

        Raises:
            NotBuildable: nothing that could be had, whole.
            QueryError: the server misses a query.
        """
        return self._within(self._url.join(path), None, accept)

    def _within(self, url: httpx.URL, form: dict[str, str] | None, accept: str) -> Reply:
        """The answer in time.

        In a thread of its own: looking up a name cannot be interrupted, and a server that
        sends a byte now and then never runs into the limits that a socket has.
        """
        reply: Future[Reply] = Future()

        def work() -> None:
            try:
                reply.set_result(self._answered(url, form, accept))
            except BaseException as error:
                reply.set_exception(error)

        threading.Thread(target=work, daemon=True).start()
        try:
            return reply.result(self._seconds)
        except (TimeoutError, httpx.TimeoutException):
            for client in self._clients.values():
                client.close()
            raise self._timed_out() from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise broken_off(self.shown, error) from None

    def _answered(self, url: httpx.URL, form: dict[str, str] | None, accept: str) -> Reply:
        for _ in range(_MOST_REDIRECTS + 1):
            client = self._client(url.scheme)
            request = client.build_request(
                "GET" if form is None else "POST", url, data=form, headers={"Accept": accept}
            )
            response = client.send(request, stream=True)
            try:
                if not response.has_redirect_location:
                    return self._taken(response)
                url = self._redirected(response)
            finally:
                response.close()
            # Only 303 says that an answer lies there; all others say that the endpoint does.
            form = None if response.status_code == 303 else form
        raise NotBuildable(f"{self.shown}: redirects more than {_MOST_REDIRECTS} times")

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

    def _taken(self, response: httpx.Response) -> Reply:
        """The whole answer of a response.

        Raises:
            NotBuildable: it is none, is not whole or is too large.
            QueryError: the server calls the query malformed.
        """
        if response.status_code not in (200, 203):
            raise refused(self.shown, response)
        refuse_partial(self.shown, response.headers)
        raw = bytearray()
        for chunk in response.iter_raw():
            raw += chunk
            if len(raw) > MOST_BYTES:
                raise self._too_large()
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
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

    def _timed_out(self) -> NotBuildable:
        return NotBuildable(
            f"{self.shown}: has not answered in full within {self._seconds:g} seconds",
            hint="Ask for less, or give it more time: --timeout SECONDS",
        )

    def _too_large(self) -> NotBuildable:
        return NotBuildable(
            f"{self.shown}: its answer is larger than {MOST_BYTES // 1_000_000} MB",
            hint="Ask for less, or with a LIMIT.",
        )


def _shown(url: httpx.URL) -> str:
    return plain(str(url.copy_with(username=None, password=None, fragment=None)))


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


def _is_inside(host: str) -> bool:
    """Whether an address is one of this machine or of its own network, as far as it says so."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
