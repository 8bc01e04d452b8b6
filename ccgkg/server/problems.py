"""Problems: what is wrong with a request, as a response.

People get text, programs that accept JSON get `application/problem+json` (RFC 9457).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

__all__ = ["Problem"]


_MOST = 2000
"""Characters of what is told; what a client sends is not sent back at length."""

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Problem(Exception):
    """A request that gets no answer.

    Args:
        status: of the response.
        detail: what is wrong, in one or more lines.
        hint: what helps, or nothing.
        place: line and column in the query, 1-based, or 0.
        headers: of the response beside those that every response has.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        hint: str = "",
        place: tuple[int, int] = (0, 0),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.hint, self.place = status, hint, place
        self.detail = detail if len(detail) <= _MOST else f"{detail[:_MOST]} …"
        self.headers = dict(headers or {})

    def response(self, accept: str) -> Response:
        """The response to a request with such an `Accept`."""
        headers = {**self.headers, "Cache-Control": "no-store"}
        if "json" not in accept:
            line, column = self.place
            place = f"line {line}, column {column}: " if line else ""
            told = f"{place}{self.detail.removeprefix(place)}\n"
            told += f"{self.hint}\n" if self.hint else ""
            return Response(told, self.status, headers, "text/plain; charset=utf-8")
        line, column = self.place
        content: dict[str, Any] = {
            "type": "about:blank",
            "title": _PHRASES.get(self.status, ""),
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "line": line,
            "column": column,
        }
        kept = {name: value for name, value in content.items() if value}
        return Response(json.dumps(kept), self.status, headers, "application/problem+json")
