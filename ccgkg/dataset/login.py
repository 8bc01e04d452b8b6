"""Login: the name and password of an address, given in the way that its server asks for.

Nothing is given before the server asks: a server that wants them hashed (Digest, as
Virtuoso does) never sees them as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import httpx

__all__ = ["PASSWORD", "Login"]

PASSWORD = "CCGKG_PASSWORD"  # noqa: S105  (the name of a variable)
"""The variable that holds the password of an address that has a name only."""

_Send = Callable[[httpx.Request], httpx.Response]


class Login:
    """A name and a password, and what is known of how a server wants them."""

    def __init__(self, name: str, password: str) -> None:
        """Take them; nothing is asked yet."""
        self._digest = httpx.DigestAuth(name, password)
        self._basic = httpx.BasicAuth(name, password)
        self._known: httpx.Auth | None = None

    @classmethod
    def of(cls, url: httpx.URL) -> Login | None:
        """The login of an address; its password may stand in the environment."""
        if not url.username:
            return None
        return cls(url.username, url.password or os.environ.get(PASSWORD, ""))

    def answer(self, request: httpx.Request, send: _Send) -> httpx.Response:
        """The answer to a request that is sent with the login, once the server asks for it.

        Args:
            request: may be sent twice.
            send: sends it, without reading the body of the answer.

        Raises:
            HTTPError: it cannot be sent, or the server asks in a way that nobody understands.
        """
        flow = (self._known or self._digest).auth_flow(request)
        response = send(next(flow))
        if response.status_code not in (401, 403):
            return response
        try:
            again = flow.send(response)
            self._known = self._digest
        except StopIteration:
            if self._known is not None or not _takes_basic(response):
                return response
            self._known = self._basic
            again = next(self._basic.auth_flow(request))
        except (KeyError, httpx.ProtocolError) as error:
            response.close()
            told = f"nobody here knows the login that it asks for: {error}"
            raise httpx.ProtocolError(told) from None
        response.close()
        return send(again)


def _takes_basic(response: httpx.Response) -> bool:
    """Whether a server asks for Basic, or refuses whoever is unknown without asking for anything.

    >>> _takes_basic(httpx.Response(401, headers={"WWW-Authenticate": "Bearer, Basic realm=a"}))
    True
    """
    asked = ", ".join(response.headers.get_list("WWW-Authenticate")).lower()
    return not asked or any(part.strip().startswith("basic") for part in asked.split(","))
