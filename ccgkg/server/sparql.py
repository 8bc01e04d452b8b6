"""The SPARQL endpoint: queries, and what the service and its dataset say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from ccgkg.server.guard import tell
from ccgkg.server.keeping import Kept
from ccgkg.server.negotiation import HTML, RESULTS, TRIPLES, best
from ccgkg.server.problems import Problem
from ccgkg.server.protocol import asked, is_lasting
from ccgkg.server.service import Service, answered, not_modified, tag

__all__ = ["SparqlEndpoint"]

_MOST_TOLD = 4000
"""Characters of graphs' names in a response header, and in a line of the log."""


class SparqlEndpoint:
    """The handlers of the endpoint of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def sparql(self, request: Request) -> Response:
        """Answer a query, or describe the service where there is none."""
        question = await asked(request, self._service.settings)
        if question is None:
            if _is_browsing(request):
                return RedirectResponse("/", 303, {"Vary": "Accept"})
            return await self._described(request, "service")
        if _is_browsing(request) and not (question.default or question.named):
            there = f"/#{urlencode({'query': question.query})}"
            return RedirectResponse(there, 303, {"Vary": "Accept"})
        if not question.formats:
            raise _unacceptable("answer")
        wanted = {
            "op": "query",
            "query": question.query,
            "base": _address(request),
            "default": question.default,
            "named": question.named,
            "formats": {kind: format for kind, (format, _) in question.formats.items()},
        }
        media = {kind: media for kind, (_, media) in question.formats.items()}
        return await self._answered(request, wanted, media)

    async def evidence(self, request: Request) -> Response:
        """Answer a SELECT, and tell of each row the claims on which it rests."""
        if not self._service.base:
            raise Problem(404, "a dataset without a corpus has no claims")
        question = await asked(request, self._service.settings)
        if question is None:
            raise Problem(400, "the request has no `query`")
        if question.default or question.named:
            told = "the graphs of a query whose evidence is wanted are named in it, by FROM"
            raise Problem(400, told)
        wanted = {"op": "evidence", "query": question.query}
        return await self._answered(request, wanted, {"select": RESULTS["json"][0]})

    async def _answered(
        self, request: Request, wanted: dict[str, Any], media: Mapping[str, str]
    ) -> Response:
        """The response to a query.

        Args:
            request: of the client.
            wanted: of a worker.
            media: kind of answer to its media type.
        """
        query = wanted["query"]
        mark = self._service.tag(wanted, media) if is_lasting(query) else ""
        tell(request.scope, query=tag(query)[3:15])
        if mark and self._service.is_known(request, mark):
            return not_modified(mark)
        kept = self._service.keeper.get(mark) if mark else None
        if kept is None:
            told, body = await self._service.ask(request, wanted)
            if "format" not in told:
                raise _unacceptable(told["kind"])
            kept = Kept(media[told["kind"]], body, tuple(told["lacking"]))
            if mark:
                self._service.keeper.put(mark, kept)
        return await answered(request, kept, mark, _told_empty(request, kept))

    async def void(self, request: Request) -> Response:
        """What the dataset is: VoID and DCAT."""
        return await self._described(request, "void")

    async def dump(self, request: Request) -> Response:
        """The whole dataset as N-Quads, byte for byte."""
        mark = self._service.tag("dump")
        if self._service.is_known(request, mark):
            return not_modified(mark)
        held = self._service.store
        media = "application/n-quads"
        return FileResponse(held.nquads, media_type=media, headers={"ETag": mark})

    async def examples(self, request: Request) -> Response:
        """The named queries as SHACL executables."""
        return await self._described(request, "examples")

    async def _described(self, request: Request, what: str) -> Response:
        accept = request.headers.get("accept", "")
        chosen = best(accept, TRIPLES) or ("turtle", TRIPLES["turtle"][0])
        endpoint = str(request.url.replace(path="/sparql", query=""))
        wanted = {
            "op": "describe",
            "what": what,
            "endpoint": endpoint,
            "dump": str(request.url.replace(path="/dump.nq", query="")),
            "format": chosen[0],
            "formats": [*RESULTS, *TRIPLES],
            "sizes": {} if what == "examples" else await self._service.prepared.sizes(),
        }
        links = {"Link": '</.well-known/void>; rel="describedby"'}
        return await self._service.told(request, wanted, chosen[1], links)


def _address(request: Request) -> str:
    """Where the request was sent, without its parameters."""
    scope = request.scope
    return f"{scope['scheme']}://{request.headers.get('host', '')}{scope['path']}"


def _is_browsing(request: Request) -> bool:
    """Whether somebody has followed a link to an answer, and wants to see a page."""
    accept = request.headers.get("accept", "")
    if request.method == "POST" or "text/html" not in accept or "format" in request.query_params:
        return False
    chosen = best(accept, {"html": (HTML,), **RESULTS, **TRIPLES})
    return chosen is not None and chosen[0] == "html"


def _unacceptable(kind: str) -> Problem:
    offered = {"select": RESULTS, "ask": RESULTS, "construct": TRIPLES}.get(
        kind, {**RESULTS, **TRIPLES}
    )
    types = ", ".join(types[0].partition(";")[0] for types in offered.values())
    return Problem(406, "the answer has no format that the request accepts", hint=f"It has {types}")


def _told_empty(request: Request, kept: Kept) -> dict[str, str]:
    """The header that names the graphs which the dataset lacks."""
    if not kept.lacking:
        return {}
    tell(request.scope, lacking=", ".join(kept.lacking)[:_MOST_TOLD])
    # Only what may stand in a header and between pointed brackets.
    named = [f"<{quote(iri, safe=':/?#[]@!$&()*+,;=%~')}>" for iri in kept.lacking]
    sizes = accumulate(map(len, named))
    fitting = [name for name, size in zip(named, sizes, strict=True) if size < _MOST_TOLD]
    more = [f"{len(named) - len(fitting)} more"] if len(fitting) < len(named) else []
    return {"Ccgkg-Empty-Graphs": ", ".join([*fitting, *more])}
