"""The workbench: the query page, what it needs, and how the server is."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ccgkg.server.keeping import Kept
from ccgkg.server.negotiation import HTML
from ccgkg.server.problems import Problem
from ccgkg.server.protocol import parameters
from ccgkg.server.service import Service, answered

__all__ = ["Workbench"]

_JSON = "application/json"


class Workbench:
    """The handlers of the query page of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def page(self, _: Request) -> Response:
        """The query page."""
        return Response("the query page is not built yet", media_type="text/plain")

    async def asset(self, request: Request) -> Response:
        """A script or style sheet of the query page."""
        raise Problem(404, "there is no such file")

    async def network(self, request: Request) -> Response:
        """The answer of a query as the map of it."""
        queries = [value for name, value in parameters(request) if name == "query"]
        if len(queries) != 1:
            raise Problem(400, "the map needs one `query`")
        if not self._service.base:
            raise Problem(404, "a dataset without a corpus has no map")
        _, body = await self._service.ask(request, {"op": "network", "query": queries[0]})
        return await answered(request, Kept(HTML, body))

    async def terms(self, request: Request) -> Response:
        """The prefixes and terms that a query may use."""
        _, body = await self._service.ask(request, {"op": "terms"})
        return await answered(request, Kept(_JSON, body))

    async def examples(self, request: Request) -> Response:
        """The named queries, with their texts."""
        named = [
            {
                "name": query["name"],
                "summary": query["summary"],
                "description": query["description"],
                "tags": query["tags"],
                "text": Path(query["path"]).read_text(encoding="utf-8"),
                "parameters": query["parameters"],
                "defaults": query["defaults"],
            }
            for query in self._service.store.manifest.queries
        ]
        return await answered(request, Kept(_JSON, json.dumps(named).encode("utf-8")))

    async def example(self, request: Request) -> Response:
        """The text of a named query, its parameters bound as the address says."""
        values = dict(parameters(request))
        wanted = {"op": "bound", "name": request.path_params["name"], "values": values}
        _, body = await self._service.ask(request, wanted)
        return await answered(request, Kept("application/sparql-query; charset=utf-8", body))

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
