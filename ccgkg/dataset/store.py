"""The store: the dataset opened for queries.

Small datasets are loaded into memory from the N-Quads; larger ones are a RocksDB folder
opened read-only. Both answer alike. Queries go to the engine as they are; the
default graph is the dataset's own, so no union is needed (which would count a triple
in two graphs twice).
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ccgkg.dataset.cache import Cache, Manifest
from ccgkg.dataset.ordering import sortable
from ccgkg.errors import NotBuildable, QueryError, TooLarge

if TYPE_CHECKING:
    import rdflib

    from ccgkg.dataset.cards import Card
    from ccgkg.dataset.clauses import Graphs
    from ccgkg.dataset.snapshot import Snapshot

__all__ = ["Answer", "Result", "Store", "Value", "evaluated"]

Result = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]
"""What an engine answers: rows, a truth value or triples."""

_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}

_FROM = re.compile(r"(?<![?$\w:.-])from\b", re.IGNORECASE)
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NO_ROWS = {"json": b'"bindings":[]}}', "xml": b"<results></results></sparql>"}
"""How an answer without rows ends; in CSV and TSV it is one line."""


class Value(NamedTuple):
    """One term of an answer.

    Attributes:
        kind: `iri`, `literal` or `blank`.
        text: the IRI, the literal's characters, or the blank node's label.
        datatype: IRI of the literal's datatype, else empty.
        language: tag of the literal's language, else empty.
    """

    kind: str
    text: str
    datatype: str = ""
    language: str = ""


class Answer:
    """The answer of one query, read once.

    Attributes:
        kind: `select`, `ask` or `construct`.
        variables: the columns of a `select`.
    """

    def __init__(
        self,
        result: Result,
        prefixes: Mapping[str, str],
        told: Callable[[Exception], Exception],
    ) -> None:
        self._result = result
        self._prefixes = prefixes
        self._told = told
        self.variables: tuple[str, ...] = ()
        if isinstance(result, ox.QuerySolutions):
            self.kind = "select"
            self.variables = tuple(variable.value for variable in result.variables)
        else:
            self.kind = "ask" if isinstance(result, ox.QueryBoolean) else "construct"

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What the engine raises while rows are read is told as an error of ours."""
        try:
            yield
        except (OSError, RuntimeError, SyntaxError, ValueError) as error:
            raise self._told(error) from None

    @property
    def truth(self) -> bool:
        """The answer of an `ask`."""
        return bool(self._result)

    def rows(self) -> Iterator[tuple[Value | None, ...]]:
        """The rows of a `select`; None where a variable is unbound."""
        assert isinstance(self._result, ox.QuerySolutions)
        with self._telling():
            for solution in self._result:
                yield tuple(None if term is None else _value(term) for term in solution)

    def terms(self) -> Iterator[tuple[Any, ...]]:
        """The engine's own terms of each row of a `select` or each triple of a `construct`."""
        assert not isinstance(self._result, ox.QueryBoolean)
        with self._telling():
            for row in self._result:
                yield tuple(row)

    def triples(self) -> Iterator[tuple[Value, Value, Value]]:
        """Subject, predicate and object of each triple of a `construct`."""
        assert not isinstance(self._result, ox.QuerySolutions | ox.QueryBoolean)
        with self._telling():
            for triple in self._result:
                yield _value(triple.subject), _value(triple.predicate), _value(triple.object)

    def found_nothing(self) -> bool:
        """Whether there are no rows or triples, it is false, or it only counts nothing."""
        if isinstance(self._result, ox.QueryBoolean):
            return not self.truth
        if not isinstance(self._result, ox.QuerySolutions):
            with self._telling():
                return next(self._result, None) is None
        rows = list(islice(self.rows(), 2))
        values = [value.text for row in rows for value in row if value is not None]
        return len(rows) < 2 and all(value in ("", "0") for value in values)

    def _collected(self, triples: Iterable[ox.Triple], most: int) -> set[ox.Triple]:
        """The triples of a `construct`, as long as their texts are not too large."""
        found: set[ox.Triple] = set()
        size = 0
        with self._telling():
            for triple in triples:
                if triple not in found:
                    size += len(str(triple))
                    found.add(triple)
                if size > most:
                    raise TooLarge(most)
        return found

    def write(self, format: str, out: IO[bytes], most: int = sys.maxsize) -> bool:
        """Write the answer as `json`, `xml`, `csv`, `tsv`, or triples as `serialized` does.

        Args:
            format: its name.
            out: where to; nothing is written before the answer is whole.
            most: bytes that it may have.

        Returns:
            Whether it has a row or a triple; an `ask` always has its answer.

        Raises:
            TooLarge: it has more.
        """
        if not isinstance(self._result, ox.QuerySolutions | ox.QueryBoolean):
            from ccgkg.dataset.serializing import serialized

            triples = self._collected(self._result, most)
            with self._telling():
                content = serialized(triples, format, self._prefixes)
            out.write(content)
            return bool(triples)
        buffer = _Bounded(most)
        with self._telling():
            self._result.serialize(output=buffer, format=_FORMATS[format])
        content = buffer.getvalue()
        if format == "xml" and _NOT_XML.search(content):
            raise QueryError("the answer holds a character that XML has no way to write")
        out.write(content)
        if format in _NO_ROWS:
            return not content.endswith(_NO_ROWS[format])
        return content.count(b"\n") > 1


class _Bounded(io.BytesIO):
    """Bytes that refuse to outgrow a limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: Any) -> int:
        if self.tell() + memoryview(content).nbytes > self._most:
            raise TooLarge(self._most)
        return super().write(content)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value("iri", term.value)
    if isinstance(term, ox.Literal):
        return Value("literal", term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return Value("blank", term.value)
    return Value("literal", str(term))


class Store:
    """A dataset that can be asked.

    Attributes:
        manifest: what it is and what it was built from.
        nquads: the canonical artefact.
        folder: the RocksDB folder, if it is large enough to have one.
    """

    def __init__(self, manifest: Manifest, nquads: Path, folder: Path | None) -> None:
        self.manifest, self.nquads, self.folder = manifest, nquads, folder

    @classmethod
    def at(cls, cache: Cache, manifest: Manifest) -> Store:
        """The store of a built dataset.

        Raises:
            NotBuildable: its files are gone.
        """
        nquads, folder = cache.nquads(manifest.digest), cache.store(manifest.digest)
        if not nquads.is_file():
            raise NotBuildable(f"{nquads}: is gone", hint="Build it again: ccgkg build")
        return cls(manifest, nquads, folder if folder.is_dir() else None)

    @cached_property
    def engine(self) -> ox.Store:
        """The engine, opened when first needed."""
        try:
            if self.folder is not None:
                return ox.Store.read_only(str(self.folder))
            store = ox.Store()
            store.bulk_load(path=str(self.nquads), format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError) as error:
            raise self._damaged(str(error)) from None
        if len(store) != self.manifest.quads:
            raise self._damaged(f"{len(store)} quads instead of {self.manifest.quads}")
        return store

    @cached_property
    def snapshot(self) -> Snapshot:
        """Everything that the default graph says, read once, whoever asks for it."""
        from ccgkg.dataset.snapshot import Snapshot

        return Snapshot(self)

    def _damaged(self, how: str) -> NotBuildable:
        """The error of files that are no longer what was built."""
        what = self.folder or self.nquads
        return NotBuildable(
            f"{what}: is damaged: {how}", hint=f"Remove {what} and run: ccgkg build"
        )

    def ask(self, text: str, *, base: str | None = None, graphs: Graphs | None = None) -> Answer:
        """Evaluate a SPARQL query.

        The corpus's prefixes need not be declared.

        Args:
            text: the query.
            base: what its relative IRIs are resolved against.
            graphs: those that it reads; left out: as its own FROM clauses say, or all.

        Raises:
            QueryError: the text is not SPARQL, with line and column; or it cannot be
                evaluated.
        """
        prefixes = self.manifest.prefixes
        try:
            engine, chosen = self._reading(graphs or self._merged(text, base))
            result = evaluated(engine, text, prefixes, base_iri=base, **chosen)
        except (OSError, RuntimeError, ValueError) as error:
            raise self._not_evaluated(error) from None
        return Answer(result, prefixes, self._not_evaluated)

    def _merged(self, text: str, base: str | None) -> Graphs | None:
        """The graphs of a query that asks for several; those of any other the engine reads."""
        if len(_FROM.findall(text)) < 2:
            return None
        from ccgkg.dataset.clauses import asked_graphs

        return asked_graphs(text, self.manifest.prefixes, base or "")

    def _reading(self, graphs: Graphs | None) -> tuple[ox.Store, dict[str, Any]]:
        """The engine that holds some graphs, and how it is told to read these alone."""
        if graphs is None:
            return self.engine, {}
        default, named = (list(map(ox.NamedNode, names)) for names in graphs)
        if len(default) < 2:
            return self.engine, {"default_graph": default, "named_graphs": named}
        # A triple in two graphs is one triple of their merge; Oxigraph would count two.
        merged = ox.Store()
        for name in default:
            for quad in self.engine.quads_for_pattern(None, None, None, name):
                merged.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        for name in named:
            merged.extend(self.engine.quads_for_pattern(None, None, None, name))
        return merged, {"default_graph": [ox.DefaultGraph()], "named_graphs": named}

    def lacks(self, graphs: Graphs) -> list[str]:
        """Which of some graphs the dataset does not have; they are read as empty."""
        names = dict.fromkeys([*graphs.default, *graphs.named])
        held = self.engine.contains_named_graph
        try:
            return [name for name in names if not held(ox.NamedNode(name))]
        except ValueError as error:
            raise QueryError(f"a graph has no name that is an IRI: {error}") from None

    def _not_evaluated(self, error: Exception) -> QueryError | NotBuildable:
        """What the engine raises is the query's fault, unless its own files are damaged."""
        if "Corruption" in str(error):
            return self._damaged(str(error))
        return QueryError(f"the query cannot be evaluated: {error}")

    def rows(self, text: str) -> Sequence[tuple[Value | None, ...]]:
        """The rows of a SELECT query."""
        return list(self.ask(text).rows())

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The texts of all values of a property, sorted."""
        pattern = (ox.NamedNode(subject), ox.NamedNode(predicate), None, ox.DefaultGraph())
        return sorted(
            quad.object.value
            for quad in self.engine.quads_for_pattern(*pattern)
            if not isinstance(quad.object, ox.Triple)
        )

    def subjects(self, predicate: str, value: str) -> list[str]:
        """The IRIs that have an IRI as the value of a property, sorted."""
        pattern = (None, ox.NamedNode(predicate), ox.NamedNode(value), ox.DefaultGraph())
        return sorted(
            quad.subject.value
            for quad in self.engine.quads_for_pattern(*pattern)
            if isinstance(quad.subject, ox.NamedNode)
        )

    def statements(self) -> Iterator[tuple[str, str, str]]:
        """Subject, predicate and value of every statement of the default graph, as texts."""
        quads: Iterator[ox.Quad]
        if self.folder is None:
            quads = self.engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
        else:
            # RocksDB hands out a whole graph in three times the time that its file takes.
            quads = ox.parse(path=str(self.nquads), format=ox.RdfFormat.N_QUADS)
        try:
            for quad in quads:
                subject, value = quad.subject, quad.object
                if (
                    isinstance(quad.graph_name, ox.DefaultGraph)
                    and isinstance(subject, ox.NamedNode)
                    and not isinstance(value, ox.Triple)
                ):
                    yield subject.value, quad.predicate.value, value.value
        except (OSError, SyntaxError) as error:
            raise self._damaged(str(error)) from None

    def known(self, iris: Iterable[str]) -> list[str]:
        """Those of some IRIs of which anything is said, in their order."""
        quads = self.engine.quads_for_pattern
        found = []
        for iri in iris:
            with suppress(ValueError):  # nothing is said of what is no IRI
                if next(quads(ox.NamedNode(iri), None, None, None), None):
                    found.append(iri)
        return found

    def cards(self, claims: Iterable[str]) -> list[Card]:
        """The cards of some claims, in their order."""
        from ccgkg.dataset.cards import read_card

        return [read_card(self, claim) for claim in claims]

    def named(self) -> str:
        """The dataset as a citation names it: name, version and digest."""
        corpus = self.manifest.corpus
        return f"{corpus['name']} {corpus['version']}, sha256:{self.manifest.digest}"

    def views(self) -> dict[str, Any]:
        """What the pages show beside the claims: map, story, glossary, the texts' regions.

        Raises:
            NotBuildable: the file is gone or damaged.
        """
        import hashlib
        import json

        path = Cache(self.nquads.parent).views(self.manifest.views)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NotBuildable(
                f"{path}: cannot be read: {error.strerror}", hint="Build it again: ccgkg build"
            ) from None
        if hashlib.sha256(content).hexdigest() != self.manifest.views:
            raise NotBuildable(
                f"{path}: is damaged: its digest is not the manifest's",
                hint="Build it again: ccgkg build",
            )
        views: dict[str, Any] = json.loads(content)
        return views

    def to_rdflib(self) -> rdflib.Dataset:
        """The whole dataset as an `rdflib.Dataset`."""
        import rdflib

        from ccgkg.dataset.shapes import rdflib_term

        dataset = rdflib.Dataset()
        graphs: dict[str, rdflib.Graph] = {}
        for quad in ox.parse(path=str(self.nquads), format=ox.RdfFormat.N_QUADS):
            name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            if name not in graphs:
                graphs[name] = dataset.graph(rdflib.URIRef(name)) if name else dataset.default_graph
            graphs[name].add(
                (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
            )
        for prefix, namespace in self.manifest.prefixes.items():
            dataset.bind(prefix, namespace)
        return dataset

    def quads(self) -> Iterator[ox.Quad]:
        """Every quad as the canonical artefact has it, in its order, without holding them all.

        Raises:
            NotBuildable: the file is gone or damaged.
        """
        import hashlib

        try:
            with self.nquads.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != self.manifest.digest:
                raise self._damaged("its digest is not the manifest's")
            yield from ox.parse(path=str(self.nquads), format=ox.RdfFormat.N_QUADS)
        except (OSError, SyntaxError) as error:
            raise self._damaged(str(error)) from None

    def export(self, format: str, out: IO[bytes]) -> None:
        """Write the whole dataset as `nquads` (the canonical bytes), `trig` or `jsonld`."""
        import hashlib

        try:
            content = self.nquads.read_bytes()
        except OSError as error:
            raise self._damaged(str(error.strerror)) from None
        if hashlib.sha256(content).hexdigest() != self.manifest.digest:
            raise self._damaged("its digest is not the manifest's")
        if format == "nquads":
            out.write(content)
            return
        formats = {"trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
        quads = ox.parse(content, format=ox.RdfFormat.N_QUADS)
        by_graph = sorted(quads, key=lambda quad: str(quad.graph_name))
        ox.serialize(by_graph, output=out, format=formats[format], prefixes=self.manifest.prefixes)


def evaluated(engine: ox.Store, text: str, prefixes: Mapping[str, str], **chosen: Any) -> Result:
    """What an engine answers to a query that neither changes the dataset nor leaves it.

    Args:
        engine: holds the dataset.
        text: the query.
        prefixes: those that need no declaration.
        chosen: what else the engine is told: base IRI and graphs.

    Raises:
        QueryError: the text is not SPARQL, with line and column; or it is refused.
        OSError, RuntimeError, ValueError: the engine's own, while it evaluates.
    """
    plain = text.casefold()
    if "service" in plain or "load" in plain or "\\u" in plain:
        _refuse_remote(text, prefixes)
    try:
        return _answered(engine, text, prefixes=dict(prefixes), **chosen)
    except SyntaxError as error:
        from ccgkg.dataset.faults import fault

        _refuse_remote(text, prefixes)  # an update is told as one
        line, column, what = fault(text, str(error), prefixes)
        raise QueryError(
            f"line {line}, column {column}: {what}\n{_pointer(text, line, column)}",
            line=line,
            column=column,
        ) from None


def _answered(engine: ox.Store, text: str, **chosen: Any) -> Result:
    if (safe := sortable(text)) != text:
        with suppress(SyntaxError):  # which is told with its place in the text itself
            return engine.query(safe, **chosen)
    return engine.query(text, **chosen)


def _refuse_remote(text: str, prefixes: Mapping[str, str]) -> None:
    # Without one of the words above a text can neither call nor load, however it is
    # spelled; most queries need not pay for the import.
    from ccgkg.dataset.remote import refuse_remote

    refuse_remote(text, prefixes)


def _pointer(text: str, line: int, column: int) -> str:
    shown = text.split("\n")[line - 1].rstrip("\r")
    blank = re.sub(r"[^\t]", " ", shown[: column - 1])
    return f"    {shown}\n    {blank}^"
