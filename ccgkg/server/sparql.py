"""The SPARQL endpoint: queries, and what the service and its dataset say of themselves."""

from __future__ import annotations

from itertools import accumulate
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from ccgkg.server.guard import tell
from ccgkg.server.keeping import Kept
from ccgkg.server.negotiation import HTML, RESULTS, TRIPLES, best
from ccgkg.server.problems import Problem
from ccgkg.server.protocol import Asked, asked
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
        base = _address(request)
        mark = self._service.tag(base, question) if question.is_lasting else ""
        tell(request.scope, query=tag(question.query)[3:15])
        if mark and self._service.is_known(request, mark):
            return not_modified(mark)
        kept = self._service.keeper.get(mark) if mark else None
        if kept is None:
            kept = await self._evaluated(request, question, base)
            if mark:
                self._service.keeper.put(mark, kept)
        return await answered(request, kept, mark, _told_empty(request, kept))

    async def _evaluated(self, request: Request, question: Asked, base: str) -> Kept:
        wanted = {
            "op": "query",
            "query": question.query,
            "base": base,
            "default": question.default,
            "named": question.named,
            "formats": {kind: format for kind, (format, _) in question.formats.items()},
        }
        told, body = await self._service.ask(request, wanted)
        if "format" not in told:
            raise _unacceptable(told["kind"])
        return Kept(question.formats[told["kind"]][1], body, tuple(told["lacking"]))

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
