"""A worker: one process that holds the store and answers one request after the other.

It speaks in frames, on standard input and output: the first says which
dataset it holds, each later one is a request. It keeps no promise about time or memory: the
server kills it when it takes too long, and the system refuses it memory beyond its limit.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.clauses import Graphs, asked_graphs
from ccgkg.dataset.remote import Refused
from ccgkg.dataset.store import Store
from ccgkg.errors import BadInput, CcgkgError, QueryError, TooLarge, UsageError, nearest
from ccgkg.server.frames import BEGUN, Frame, frame, read_frame

if TYPE_CHECKING:
    from ccgkg.site.atlas import Atlas
    from ccgkg.site.evidence import Evidence

__all__ = ["Operations", "main"]

_MEGABYTE = 1 << 20


class Operations:
    """What a worker does: each operation takes the request and gives a header and a body.

    Attributes:
        store: the dataset.
        most: bytes that an answer may have.
    """

    def __init__(self, store: Store, most: int) -> None:
        self.store, self.most = store, most
        self._operations: Mapping[str, Callable[[dict[str, Any]], Frame]] = {
            "query": self.query,
            "evidence": self.evidence,
            "about": self.about,
            "describe": self.describe,
            "cite": self.cite,
            "network": self.network,
            "bound": self.bound,
            "site": self.site,
            "thing": self.thing,
            "sizes": self.sizes,
            "terms": self.terms,
            "slips": self.slips,
        }

    def answer(self, request: dict[str, Any]) -> Frame:
        """Do what a request asks; what goes wrong is told in the header."""
        try:
            header, body = self._operations[request["op"]](request)
        except CcgkgError as error:
            return _told(error), b""
        except MemoryError:
            return {
                "error": "memory",
                "message": "the query needs more memory than is allowed",
            }, b""
        except Exception:  # a bug of ours must not end the worker unheard
            return {"error": "bug", "message": traceback.format_exc()}, b""
        if len(body) > self.most:
            return _told(TooLarge(self.most)), b""
        return header, body

    def query(self, request: dict[str, Any]) -> Frame:
        """A query in the first format that its kind of answer can have."""
        text, base = request["query"], request["base"]
        graphs = self._graphs(request)
        lacking = self.store.lacks(graphs) if graphs is not None else []
        answer = self.store.ask(text, base=base, graphs=graphs)
        format = request["formats"].get(answer.kind)
        if format is None:
            return {"kind": answer.kind}, b""
        out = io.BytesIO()
        answer.write(format, out, self.most)
        return {"kind": answer.kind, "format": format, "lacking": lacking}, out.getvalue()

    def evidence(self, request: dict[str, Any]) -> Frame:
        """The rows of a SELECT, and the claims on which each rests, as JSON."""
        from ccgkg.dataset.rows import results
        from ccgkg.queries.evidence import evidence

        text = request["query"]
        graphs = asked_graphs(text, self.store.manifest.prefixes)
        lacking = self.store.lacks(graphs) if graphs is not None else []
        found = evidence(self.store, text)
        told = results(found.variables, found.rows)
        told["evidence"] = {
            "claims": found.claims,
            "untraced": [part._asdict() for part in found.untraced],
        }
        body = json.dumps(told, ensure_ascii=False).encode("utf-8")
        return {"kind": "select", "format": "json", "lacking": lacking}, body

    def _graphs(self, request: dict[str, Any]) -> Graphs | None:
        """The graphs that the request names; else those that its query does."""
        if request.get("default") or request.get("named"):
            return Graphs(tuple(request["default"]), tuple(request["named"]))
        return asked_graphs(request["query"], self.store.manifest.prefixes, request["base"])

    def about(self, request: dict[str, Any]) -> Frame:
        """What the dataset says of an IRI, as triples or quads."""
        from ccgkg.dataset.about import about
        from ccgkg.dataset.serializing import serialized
        from ccgkg.queries.naming import resolve_iri

        manifest, iri = self.store.manifest, request["iri"]
        resolve_iri(self.store, iri)  # which tells the nearest, where it is none of the dataset
        found = about(self.store.engine, iri, manifest.corpus["base"])
        return {}, serialized(found, request["format"], manifest.prefixes)

    def describe(self, request: dict[str, Any]) -> Frame:
        """What the service is, or its dataset, or the queries that it may be asked."""
        from ccgkg.dataset.describing import (
            service_description,
            sparql_examples,
            void_description,
        )
        from ccgkg.dataset.measuring import Sizes
        from ccgkg.dataset.prefixes import DESCRIBING
        from ccgkg.dataset.serializing import serialized
        from ccgkg.queries.examples import examples

        manifest, endpoint = self.store.manifest, request["endpoint"]
        if request["what"] == "service":
            formats = request["formats"]
            sizes = Sizes(**request["sizes"])
            told = service_description(manifest, sizes, endpoint, formats)
        elif request["what"] == "void":
            sizes = Sizes(**request["sizes"])
            dump = request["dump"]
            told = void_description(manifest, self.store.engine, sizes, endpoint, dump)
        else:
            told = sparql_examples(examples(self.store).shown, endpoint, manifest.prefixes)
        return {}, serialized(told, request["format"], {**DESCRIBING, **manifest.prefixes})

    def sizes(self, _: dict[str, Any]) -> Frame:
        """How large the dataset is, as JSON."""
        from ccgkg.dataset.measuring import measured

        sizes = measured(self.store.engine)
        told = {field.name: getattr(sizes, field.name) for field in fields(sizes)}
        return {}, json.dumps(told).encode("utf-8")

    def cite(self, request: dict[str, Any]) -> Frame:
        """The citation of a claim."""
        from ccgkg.citations.citing import cite
        from ccgkg.dataset.cards import claim_iri, read_card

        card = read_card(self.store, claim_iri(self.store, request["claim"]))
        return {}, (cite([card], self.store.manifest, request["format"]) + "\n").encode("utf-8")

    def terms(self, _: dict[str, Any]) -> Frame:
        """The prefixes and terms that a query may use, as JSON."""
        from ccgkg.queries.completion import completions

        return {}, json.dumps(completions(self.store), ensure_ascii=False).encode("utf-8")

    def bound(self, request: dict[str, Any]) -> Frame:
        """The text of a named query, its parameters bound."""
        from ccgkg.queries.running import bound, load

        name = request["name"]
        if self.store.manifest.query(name) is None:
            near = nearest(name, [query["name"] for query in self.store.manifest.queries])
            hint = f"Nearest: {', '.join(near)}" if near else ""
            raise UsageError(f"there is no query `{name}`", hint=hint)
        try:
            text = bound(self.store, load(self.store, name), request["values"])
        except UsageError as error:  # the query is there; what it was given is wrong
            raise QueryError(error.message, hint=error.hint) from None
        return {}, text.encode("utf-8")

    def slips(self, request: dict[str, Any]) -> Frame:
        """What is probably not meant in a query, as JSON."""
        from ccgkg.queries.slips import slips

        self.store.ask(request["query"])  # which refuses what is no query
        return {}, json.dumps(list(slips(self.store, request["query"]))).encode("utf-8")

    @cached_property
    def _map(self) -> tuple[Atlas, Evidence]:
        """What drawing needs, read once."""
        from ccgkg.site.atlas import Atlas
        from ccgkg.site.evidence import read_evidence

        return Atlas(self.store, served=True), read_evidence(self.store)

    def thing(self, request: dict[str, Any]) -> Frame:
        """A page of what is said of an IRI."""
        from ccgkg.server.things import thing_page

        return {}, thing_page(self.store, request["iri"]).encode("utf-8")

    def network(self, request: dict[str, Any]) -> Frame:
        """The answer of a query as a page with the map of it."""
        from ccgkg.queries.running import of_text
        from ccgkg.site.asked import of_query
        from ccgkg.site.explorer import map_page

        atlas, evidence = self._map
        drawn = of_query(atlas, of_text(request["query"]), {}, lambda _: None)
        return {}, map_page(atlas, evidence, "", only=drawn).encode("utf-8")

    def site(self, request: dict[str, Any]) -> Frame:
        """Every page of the site, written into a folder."""
        from ccgkg.site.pages import pages, site_of
        from ccgkg.site.writing import write_site

        made = site_of(self.store, served=True)
        written = write_site(Path(request["into"]), pages(made), self.store.manifest.digest)
        return {"pages": written.pages}, b""


def _told(error: CcgkgError) -> dict[str, Any]:
    """An error as the header of an answer."""
    kind = "failed"
    for name, of in _KINDS.items():
        if isinstance(error, of):
            kind = name
            break
    told = {"error": kind, "message": error.message, "hint": error.hint}
    return {**told, "line": getattr(error, "line", 0), "column": getattr(error, "column", 0)}


_KINDS: Mapping[str, type[CcgkgError]] = {
    "refused": Refused,
    "large": TooLarge,
    "malformed": BadInput,
    "unknown": UsageError,
}


def main() -> None:
    """Answer requests on standard input until it ends."""
    # Control-C in a terminal is for the server: it lets what is asked come to an end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no frame
    first = read_frame(requests)
    assert first is not None
    _send(answers, BEGUN)
    spec = first[0]
    manifest, folder = Manifest(**spec["manifest"]), spec["folder"]
    store = Store(manifest, Path(spec["nquads"]), folder and Path(folder))
    try:
        ready = {"quads": len(store.engine)}
    except CcgkgError as error:
        ready = _told(error)
    if spec["memory"] is not None:
        _limit(spec["memory"])
    operations = Operations(store, spec["most"])
    _send(answers, frame(ready))
    while (received := read_frame(requests)) is not None:
        _send(answers, BEGUN)
        _send(answers, frame(*operations.answer(received[0])))


def _send(answers: IO[bytes], told: bytes) -> None:
    answers.write(told)
    answers.flush()


def _end_with(parent: int) -> None:
    """End when the server has gone, whatever is being evaluated."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _limit(megabytes: int) -> None:
    """Allow so much memory beyond what the open store takes, and no core files."""
    with suppress(ImportError, OSError, ValueError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        most = taken + megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
