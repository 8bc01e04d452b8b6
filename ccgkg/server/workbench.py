"""The workbench: the query page, what it needs, and how the server is."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ccgkg.server.keeping import Kept
from ccgkg.server.negotiation import HTML, PLAIN
from ccgkg.server.page import Desk, query_page
from ccgkg.server.problems import Problem
from ccgkg.server.protocol import is_lasting, parameters
from ccgkg.server.service import Service, answered, not_modified, tag
from ccgkg.site.rendering import Edition

__all__ = ["Workbench"]

_JSON = "application/json"
_EDITOR = "editor.js"
_MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": PLAIN,
}


def _assets() -> dict[str, Kept]:
    """The files of the query page by their names; the editor is among them where it was bundled."""
    folder = Path(__file__).parent / "static"
    return {
        path.name: Kept(_MEDIA[path.suffix], path.read_bytes())
        for path in folder.iterdir()
        if path.suffix in _MEDIA
    }


def _named(service: Service) -> Iterator[dict[str, Any]]:
    """The named queries, with their texts, as they were when the server began."""
    for query in service.store.manifest.queries:
        kept = ("name", "summary", "description", "tags", "parameters", "defaults")
        text = Path(query["path"]).read_text(encoding="utf-8")
        yield {**{name: query[name] for name in kept}, "text": text}


class Workbench:
    """The handlers of the query page of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._assets = {name: (tag(kept.body), kept) for name, kept in _assets().items()}
        self._examples = Kept(_JSON, json.dumps(list(_named(service))).encode("utf-8"))
        self._desk = Desk(
            Edition.of(service.store, served=True),
            service.base if service.store.manifest.views else "",
            with_editor=_EDITOR in self._assets,
            examples=[
                (query["name"], query["summary"])
                for query in service.store.manifest.queries
                if not query["parameters"]
            ],
        )

    async def page(self, request: Request) -> Response:
        """The query page, with the query that the address holds."""
        query = dict(parameters(request)).get("query", "")
        told = query_page(self._desk, nonce=secrets.token_urlsafe(16), query=query)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": "frame-ancestors 'none'"}
        return Response(told, headers=headers, media_type=HTML)

    async def asset(self, request: Request) -> Response:
        """A script or style sheet of the query page."""
        name = request.path_params["name"]
        if name not in self._assets:
            raise Problem(404, f"there is no /static/{name}")
        mark, kept = self._assets[name]
        if self._service.is_known(request, mark):
            return not_modified(mark)
        return await answered(request, kept, mark)

    async def network(self, request: Request) -> Response:
        """The answer of a query as the map of it."""
        queries = [value for name, value in parameters(request) if name == "query"]
        if len(queries) != 1:
            raise Problem(400, "the map needs one `query`")
        if not self._service.base:
            raise Problem(404, "a dataset without a corpus has no map")
        wanted = {"op": "network", "query": queries[0]}
        if is_lasting(queries[0]):
            return await self._service.told(request, wanted, HTML)
        _, body = await self._service.ask(request, wanted)
        return await answered(request, Kept(HTML, body))

    async def slips(self, request: Request) -> Response:
        """What is probably not meant in a query of the user's own, as a list of sentences."""
        wanted = {"op": "slips", "query": dict(parameters(request)).get("query", "")}
        return await self._service.told(request, wanted, _JSON)

    async def terms(self, request: Request) -> Response:
        """The prefixes and terms that a query may use."""
        mark = self._service.tag("terms")
        if self._service.is_known(request, mark):
            return not_modified(mark)
        terms = await self._service.prepared.terms()
        return await answered(request, Kept(_JSON, terms), mark)

    async def examples(self, request: Request) -> Response:
        """The named queries, with their texts."""
        return await answered(request, self._examples, self._service.edition)

    async def example(self, request: Request) -> Response:
        """The text of a named query, its parameters bound as the address says."""
        values = dict(parameters(request))
        wanted = {"op": "bound", "name": request.path_params["name"], "values": values}
        return await self._service.told(request, wanted, "application/sparql-query; charset=utf-8")

    async def health(self, request: Request) -> Response:
        """Whether queries are answered."""
        service = self._service
        told = {
            "status": "ok" if service.pool.alive else "no worker",
            "dataset": f"sha256:{service.store.manifest.digest}",
            "quads": service.store.manifest.quads,
            "workers": service.pool.alive,
            "waiting": service.pool.waiting,
        }
        status = 200 if service.pool.alive else 503
        return JSONResponse(told, status, headers={"Cache-Control": "no-store"})
