"""Endpoints: a dataset elsewhere, asked over the SPARQL 1.1 Protocol like a store here.

The corpus here lends the named queries, the prefixes and the base; every answer comes from
the endpoint. A query is parsed here first, so that its faults are told with line and column
and that an update or a SERVICE is refused before anything is sent. It goes out as a form by
POST, which every engine takes, and asks for the few formats that tell a cut answer from a
whole one and say what kind of term each value is: so CSV is written here, never asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from xml.parsers import expat

import pyoxigraph as ox

from ccgkg.corpus.tokens import form as form_of
from ccgkg.corpus.tokens import tokens
from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.cards import Card
from ccgkg.dataset.exchange import Exchange, Reply
from ccgkg.dataset.failures import plain
from ccgkg.dataset.prefixes import DCAT, DCTERMS, SPDX
from ccgkg.dataset.store import Answer, Result, Value, evaluated
from ccgkg.errors import CcgkgError, NotBuildable

__all__ = ["Endpoint", "declared"]

_TABLES: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
_TRIPLES: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ACCEPT_TABLES = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
# Turtle has short forms for numbers, and Virtuoso writes integers for decimals in them.
_ACCEPT_TRIPLES = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"

_PAGES = ("text/html", "application/xhtml+xml")

_DESCRIPTION = "/.well-known/void"
_DIGEST = f"""SELECT ?dataset ?digest {{
  ?dataset <{DCAT}distribution> ?file .
  ?file <{DCAT}mediaType> ?type ; <{SPDX}checksum> ?sum .
  ?sum <{SPDX}algorithm> <{SPDX}checksumAlgorithm_sha256> ; <{SPDX}checksumValue> ?digest
  FILTER(REGEX(STR(?type), "application/n-quads$") && REGEX(STR(?digest), "^[0-9A-Fa-f]{{64}}$"))
}} ORDER BY ?digest LIMIT 1"""


class Endpoint:
    """A dataset that is asked over HTTP.

    Attributes:
        manifest: the corpus whose queries, prefixes and base are meant.
        shown: its address as it may be printed.
    """

    def __init__(self, address: str, manifest: Manifest, seconds: float) -> None:
        """Name an endpoint; nothing is asked yet.

        Args:
            address: http or https.
            manifest: of the corpus here.
            seconds: what one request may take, as a whole.

        Raises:
            UsageError: the address can be none.
        """
        self.manifest = manifest
        self._exchange = Exchange(address, seconds)
        self.shown = self._exchange.shown

    @property
    def server(self) -> str:
        """What the server calls itself, once it has answered."""
        return self._exchange.server

    def ask(self, text: str) -> Answer:
        """Evaluate a SPARQL query there.

        The corpus's prefixes need not be declared.

        Raises:
            QueryError: the text is not SPARQL, or refused, here or there.
            NotBuildable: no answer came, or none that is whole and of the kind asked for.
        """
        prefixes = self.manifest.prefixes
        columns = _columns(text, prefixes)
        form = form_of(text)
        tabular = form in ("SELECT", "ASK")
        reply = self._exchange.post(
            {"query": declared(text, prefixes)}, _ACCEPT_TABLES if tabular else _ACCEPT_TRIPLES
        )
        try:
            result = self._table(reply) if tabular else self._triples(reply)
        except (SyntaxError, ValueError, RecursionError, expat.ExpatError) as error:
            raise self._broken(error) from None
        if tabular:
            self._compare(form, columns, result)
        return Answer(result, prefixes, self._broken)

    def rows(self, text: str) -> Sequence[tuple[Value | None, ...]]:
        """The rows of a SELECT query."""
        return list(self.ask(text).rows())

    def known(self, iris: Iterable[str]) -> list[str]:
        """Those of some IRIs of which its default graph says anything, in their order."""
        asked, things = list(iris), ""
        for iri in asked:
            with suppress(ValueError):  # nothing is said of what is no IRI
                things += f" {ox.NamedNode(iri)}"
        if not things:
            return []
        rows = self.rows(f"SELECT DISTINCT ?thing {{ VALUES ?thing {{ {things} }} ?thing ?p ?o }}")
        found = {thing.text for (thing,) in rows if thing is not None}
        return [iri for iri in asked if iri in found]

    def cards(self, claims: Iterable[str]) -> list[Card]:
        """The cards of some claims, in their order, by a few requests for all of them.

        Raises:
            NotBuildable: it says too little of one of them.
        """
        from ccgkg.dataset.fetching import fetched_cards

        return fetched_cards(self, list(claims))

    def named(self) -> str:
        """The dataset as a citation names it: what it says of itself there, or its address."""
        dataset = ox.NamedNode(f"{self.manifest.corpus['base']}dataset")
        rows = self.rows(f"SELECT ?p ?o {{ {dataset} ?p ?o }} ORDER BY ?p ?o")
        said = {name.text: plain(value.text) for name, value in rows if name and value}
        name = [said[part] for part in (DCTERMS + "identifier", DCAT + "version") if part in said]
        digest = self._digest(dataset)
        told = f"sha256:{digest}" if digest else f"as answered by {self.shown}"
        return ", ".join(filter(None, (" ".join(name), told)))

    def _digest(self, dataset: ox.NamedNode) -> str:
        """The digest of the dataset's N-Quads, if the server describes them (VoID and DCAT)."""
        try:
            triples = self._triples(self._exchange.get(_DESCRIPTION, _ACCEPT_TRIPLES))
        except (CcgkgError, SyntaxError, ValueError, expat.ExpatError):
            return ""  # a server need not describe anything
        described = ox.Store()
        described.extend(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
        found = described.query(_DIGEST, substitutions={ox.Variable("dataset"): dataset})
        assert isinstance(found, ox.QuerySolutions)
        return next((solution["digest"].value.lower() for solution in found), "")

    def require_claims(self) -> None:
        """Tell an answer of nothing from an endpoint that holds another dataset.

        Raises:
            NotBuildable: it holds no claim of the corpus.
        """
        claims = f"{self.manifest.corpus['base']}claim/"
        found = self.ask(f'ASK {{ ?claim a ccg:Claim FILTER(STRSTARTS(STR(?claim), "{claims}")) }}')
        if not found.truth:
            raise NotBuildable(
                f"{self.shown}: holds no claim of {self.manifest.corpus['name']} ({claims}…)",
                hint="Ask the dataset here, without --endpoint, or load it there: ccgkg export",
            )

    def _table(self, reply: Reply) -> ox.QuerySolutions | ox.QueryBoolean:
        """Rows or a truth value.

        Raises:
            NotBuildable: it is something else, or nothing.
            SyntaxError, ValueError, RecursionError, ExpatError: it is broken.
        """
        format = _TABLES.get(reply.media)
        if format is None:
            raise self._foreign(reply, _ACCEPT_TABLES)
        if not reply.content.strip():
            raise NotBuildable(f"{self.shown}: its answer is empty")
        # The engine's parsers are content before the end of a document.
        if format == ox.QueryResultsFormat.XML:
            _read_xml(reply.content)
        else:
            json.loads(reply.content)
        return ox.parse_query_results(reply.content, format=format)

    def _triples(self, reply: Reply) -> Iterator[ox.Triple]:
        """Triples; no content at all is an answer without triples.

        Raises:
            NotBuildable: it is something else.
            SyntaxError, ValueError, ExpatError: it is broken.
        """
        format = _TRIPLES.get(reply.media)
        if format is None:
            raise self._foreign(reply, _ACCEPT_TRIPLES)
        if format == ox.RdfFormat.RDF_XML:
            _read_xml(reply.content)
        quads = ox.parse(reply.content, format=format, base_iri=self.shown)
        return iter([quad.triple for quad in quads])

    def _compare(self, form: str, columns: set[str], result: Result) -> None:
        """Hold an answer against what its query asks for.

        Raises:
            NotBuildable: it is of another kind, or has other columns.
        """
        kind = ox.QuerySolutions if form == "SELECT" else ox.QueryBoolean
        if not isinstance(result, kind):
            raise NotBuildable(f"{self.shown}: its answer is none to a query of this kind ({form})")
        told = {each.value for each in getattr(result, "variables", ())}
        # Some engines name no columns where there are no rows.
        if told and columns and told != columns:
            names = plain(", ".join(sorted(told)))
            raise NotBuildable(
                f"{self.shown}: its answer has other columns than the query: {names}"
            )

    def _foreign(self, reply: Reply, accept: str) -> NotBuildable:
        if reply.media in _PAGES:
            return NotBuildable(
                f"{self.shown}: is a web page, not a SPARQL endpoint",
                hint="Many have theirs at /sparql.",
            )
        named = plain(reply.media) or "a format that it does not name"
        return NotBuildable(
            f"{self.shown}: answers in {named}, and that was not asked for",
            hint=f"It was asked for {accept}.",
        )

    def _broken(self, error: Exception) -> NotBuildable:
        return NotBuildable(f"{self.shown}: its answer is cut or broken: {plain(str(error))}")


def declared(text: str, prefixes: Mapping[str, str]) -> str:
    """A query with the prefixes that it uses without declaring them.

    They go into its first line, so that the lines of an engine's messages stay right.

    >>> declared("ASK { ?a x:p 'y:p' }", {"x": "https://x.org/", "y": "https://y.org/"})
    "PREFIX x: <https://x.org/> ASK { ?a x:p 'y:p' }"
    """
    used: set[str] = set()
    own: set[str] = set()
    before = ""
    for token in tokens(text):
        if token.kind == "comment" or token.text.isspace():
            continue
        if token.kind == "name":
            (own if before == "PREFIX" else used).add(token.text.partition(":")[0])
        before = token.text.upper()
    missing = [name for name in prefixes if name in used - own]
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in missing) + text


def _columns(text: str, prefixes: Mapping[str, str]) -> set[str]:
    """The columns of a query that is well formed; none of one that only another engine can run.

    Raises:
        QueryError: the text is not SPARQL, or is refused.
    """
    try:
        # Over nothing the engine is done at once.
        answer = evaluated(ox.Store(), text, prefixes)
    except (OSError, RuntimeError, ValueError):
        return set()  # it has a function that the engine there may know
    return {each.value for each in getattr(answer, "variables", ())}


def _read_xml(content: bytes) -> None:
    """Read a document to its end.

    Raises:
        ExpatError: it is not well formed.
        ValueError: it declares a type, whose entities could grow beyond all measure.
    """

    def refuse(*_: object) -> None:
        raise ValueError("it has a DOCTYPE")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)
