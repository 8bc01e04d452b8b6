"""Resources: what each IRI of the dataset leads to, as a page, as triples, as a citation.

An IRI below the corpus's base is answered by its path: in the format that the request accepts,
or that a suffix of the address names.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from ccgkg.server.keeping import Kept
from ccgkg.server.negotiation import HTML, PLAIN, TRIPLES, best
from ccgkg.server.problems import Problem
from ccgkg.server.service import Service, answered, not_modified
from ccgkg.site.things import PAGED

__all__ = ["Resources"]

_PAGE = {"html": (HTML,)}
_CITATIONS: Mapping[str, tuple[str, ...]] = {
    "text": (PLAIN,),
    "biblatex": ("application/x-bibtex; charset=utf-8", "text/x-bibtex"),
    "csl-json": ("application/vnd.citationstyles.csl+json",),
}
_PATH = re.compile(r"[^\x00-\x20<>\"{}|^`\\\x7f]+")
"""What may stand in an IRI (RFC 3987), roughly; nothing else reaches a query."""

_MOST = 2000
"""Characters of a path."""

_SUFFIXES = {
    ".html": "html",
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".jsonld": "jsonld",
    ".trig": "trig",
    ".nq": "nquads",
    ".rdf": "rdfxml",
    ".txt": "text",
    ".bib": "biblatex",
    ".csl.json": "csl-json",
}


class _Named(NamedTuple):
    """What an address names.

    Attributes:
        path: of the IRI, below the base.
        format: in which it is wanted.
        media: its media type.
    """

    path: str
    format: str
    media: str


class Resources:
    """The handlers of the pages and IRIs of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def resource(self, request: Request) -> Response:
        """Answer an address that is a page of the site or an IRI of the dataset."""
        path = request.path_params["path"]
        if len(path) > _MOST:
            raise Problem(414, "no IRI of the dataset is so long")
        if not _PATH.fullmatch(path):
            raise Problem(404, "there is nothing at this address: it is no part of an IRI")
        if not self._service.base:
            raise Problem(404, f"there is nothing at /{path}", hint="The query page is at /")
        named = self._named(request, path)
        if named.format == "html":
            page = await self._page(request, named.path)
            if page is not None:
                return page
        return await self._told(request, named)

    def _named(self, request: Request, path: str) -> _Named:
        offered = self._offered(path)
        for suffix, format in _SUFFIXES.items():
            if path.endswith(suffix) and format in offered:
                return _Named(path.removesuffix(suffix), format, offered[format][0])
        chosen = best(request.headers.get("accept", ""), offered)
        if chosen is None:
            types = ", ".join(types[0].partition(";")[0] for types in offered.values())
            raise Problem(406, f"/{path} has no such format", hint=f"It has {types}")
        return _Named(path, *chosen)

    def _offered(self, path: str) -> Mapping[str, tuple[str, ...]]:
        return {**_PAGE, **TRIPLES, **(_CITATIONS if path.startswith("claim/") else {})}

    async def _page(self, request: Request, path: str) -> Response | None:
        """The page of the site by this name."""
        file = await self._service.prepared.page(f"{path}.html")
        if file is None and request.url.path.endswith(f"/{path}"):
            file = await self._service.prepared.page(path)  # a script that lies beside a page
        if file is None:
            return None
        mark = self._service.tag(file.name, path)
        if self._service.is_known(request, mark):
            return not_modified(mark)
        kept = self._service.keeper.get(mark)
        if kept is None:
            media = HTML if file.suffix == ".html" else "text/javascript; charset=utf-8"
            kept = Kept(media, await asyncio.to_thread(file.read_bytes))
            self._service.keeper.put(mark, kept)
        is_thing = path.partition("/")[0] in PAGED  # others are lists and views
        return await answered(request, kept, mark, _links(path) if is_thing else {})

    async def _told(self, request: Request, named: _Named) -> Response:
        service = self._service
        iri = service.base + named.path
        if named.format in _CITATIONS:
            wanted = {"op": "cite", "claim": iri, "format": named.format}
        elif named.format == "html":
            wanted = {"op": "thing", "iri": iri}
        else:
            wanted = {"op": "about", "iri": iri, "format": named.format}
        return await service.told(request, wanted, named.media, _links(named.path))


def _links(path: str) -> dict[str, str]:
    """The header that names the other forms of a thing."""
    forms = ((".ttl", "text/turtle"), (".jsonld", "application/ld+json"))
    told = (f'</{path}{suffix}>; rel="alternate"; type="{media}"' for suffix, media in forms)
    return {"Link": ", ".join(told)} if path.isascii() and "/" in path else {}
