"""The Python interface: open a corpus, ask it, cite it.

>>> import ccgkg
>>> corpus = ccgkg.open()
>>> corpus.query("figures")[0]["said"]
'over 70%'
>>> claim = corpus.claim("pulse-2016/influence-20")
>>> claim.passages[0].quote[:24]
'just one in five (20%) o'
>>> print(corpus.cite("pulse-2016/influence-20", format="biblatex").splitlines()[0])
@article{pulse-2016,
>>> type(corpus.dataset()).__name__
'Dataset'
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ccgkg.dataset.store import Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import networkx
    import rdflib

    from ccgkg.dataset.cards import Card
    from ccgkg.dataset.store import Value
    from ccgkg.queries.running import Query

__all__ = ["OpenCorpus", "build", "open"]

Row = dict[str, str | None]
"""One row of an answer: column to IRI or literal, None where there is no value."""


@dataclass(frozen=True)
class OpenCorpus:
    """A corpus whose dataset can be asked.

    Attributes:
        store: the dataset opened for queries.
    """

    store: Store

    def query(self, query: str, **parameters: str) -> list[Row]:
        """The rows of a named query, or of a SELECT query given as text.

        A text that names what the dataset lacks, or finds nothing for a reason that can be
        told, is answered all the same, with a `UserWarning` for each slip.

        Args:
            query: a name, as `ccgkg query` lists them, or SPARQL text.
            parameters: values by name; keys, labels, short ids and IRIs name things.

        Raises:
            UsageError: no such query, or wrong parameters.
            QueryError: the text is no SELECT query, or broken.

        >>> rows = open().query("SELECT ?c WHERE { ?c ccg:asserter act:doyle } LIMIT 1")
        >>> sorted(rows[0])
        ['c']
        """
        from ccgkg.errors import QueryError

        asked, text = self._bound(query, parameters)
        answer = self.store.ask(text)
        if answer.kind != "select":
            raise QueryError(
                f"this is no SELECT query but {answer.kind.upper()}",
                hint="Ask `dataset()` with rdflib, or use: ccgkg query",
            )
        rows = [_row(answer.variables, row) for row in answer.rows()]
        if not asked.name:
            from ccgkg.queries.slips import slips

            for slip in slips(self.store, text):
                warnings.warn(slip, UserWarning, stacklevel=2)
        return rows

    def evidence(self, query: str, **parameters: str) -> list[tuple[Row, list[str]]]:
        """The rows of a query, each with the short ids of the claims on which it rests.

        What of the query cannot be traced is told as a `UserWarning`.

        Args:
            query: a name, as `ccgkg query` lists them, or SPARQL text.
            parameters: values by name; keys, labels, short ids and IRIs name things.

        Raises:
            UsageError: no such query, or wrong parameters.
            QueryError: the text is no SELECT query, or broken.

        >>> open().evidence("SELECT ?whom { ?who nhs:pays ?whom }")[0][1]
        ['holder-2014/nhse-pays-gps']
        """
        from ccgkg.queries.evidence import evidence

        found = evidence(self.store, self._bound(query, parameters)[1])
        for part in found.untraced:
            warnings.warn(f"not traced: {part}", UserWarning, stacklevel=2)
        claims = f"{self.store.manifest.corpus['base']}claim/"
        return [
            (_row(found.variables, row), [iri.removeprefix(claims) for iri in some])
            for row, some in zip(found.rows, found.claims, strict=True)
        ]

    def _bound(self, query: str, parameters: dict[str, str]) -> tuple[Query, str]:
        """A named query or SPARQL text, and its text with the parameters bound."""
        from ccgkg.queries.running import bound, load, of_text

        named = self.store.manifest.query(query) is not None or not query.strip().count(" ")
        asked = load(self.store, query) if named else of_text(query)
        return asked, bound(self.store, asked, parameters, _warn)

    def claim(self, claim: str) -> Card:
        """One claim in full, by short id or IRI.

        Raises:
            UsageError: there is no such claim; the nearest are named.
        """
        from ccgkg.dataset.cards import claim_iri, read_card

        return read_card(self.store, claim_iri(self.store, claim))

    def cite(self, *claims: str, format: str = "text") -> str:
        """Cite claims as `text`, `markdown`, `csl-json` or `biblatex`.

        Raises:
            UsageError: there is no such claim or format.
        """
        from ccgkg.citations.citing import FORMATS, cite
        from ccgkg.errors import UsageError

        if format not in FORMATS:
            raise UsageError(f"no format `{format}`; formats: {', '.join(FORMATS)}")
        return cite([self.claim(claim) for claim in claims], self.store.manifest, format)

    def find(self, words: Iterable[str] = (), *, quote: str = "", actor: str = "") -> list[str]:
        """Short ids of the claims that match all that is given.

        >>> open().find(actor="Dr Amanda Doyle")[0]
        'pulse-2016/both-roles-press'
        """
        from ccgkg.queries.find import find

        found = find(self.store, list(words), quote=quote, actor=actor, talk=_warn)
        return [claim.short for claim in found]

    def network(self) -> networkx.MultiDiGraph:
        """Who does what to whom, as a `networkx.MultiDiGraph`.

        Nodes are things by key (`actor/ccgs`) with `label`, `type` and `tier`. There is one
        edge per pair, kind and standing: `kind` is the label of an effect lever or else of the
        relation's family, `standing` is `affirmed`, `open` or `denied`, `claims` lists short ids.

        >>> network = open().network()
        >>> [held["claims"] for *_, held in network.out_edges("actor/area-teams", data=True)
        ...  if held["kind"] == "stick"]
        [['holder-2014/stick-contracts', 'holder-2014/stick-performance']]
        """
        from ccgkg.network.statements import read_statements
        from ccgkg.network.ties import network_of, of_claims

        statements = read_statements(self.store)
        network = network_of(of_claims(statements, statements.claims).ties)
        for key, held in network.nodes(data=True):
            thing = statements.things[key]
            held.update(label=thing.label, type=thing.type, tier=thing.tier)
        for *_, held in network.edges(data=True):
            held["kind"] = statements.kinds[held["kind"]].label
            held["claims"] = list(held["claims"])
        return network

    def dataset(self) -> rdflib.Dataset:
        """The whole dataset as an `rdflib.Dataset`; changing it changes nothing else."""
        return self.store.to_rdflib()


def _row(variables: Iterable[str], row: Iterable[Value | None]) -> Row:
    values = (value.text if value else None for value in row)
    return dict(zip(variables, values, strict=True))


def _warn(message: str) -> None:
    """Say on stderr, once a message, what was taken for a name that is not exact."""
    warnings.warn(message, stacklevel=2)


def open(
    corpus: str | PathLike[str] | None = None, *, cache: str | PathLike[str] | None = None
) -> OpenCorpus:
    """Open a corpus; its dataset is built first if there is none or an input changed.

    Args:
        corpus: its folder; None for the shipped one.
        cache: where built datasets lie; None for the user's cache folder.

    Raises:
        BadInput: the corpus has errors.
        NotBuildable: the cache cannot be written.
    """
    from ccgkg.dataset.opening import open_store

    return OpenCorpus(open_store(Path(corpus) if corpus else None, Path(cache) if cache else None))


def build(
    corpus: str | PathLike[str] | None = None,
    *,
    cache: str | PathLike[str] | None = None,
    executor: Executor | None = None,
    shards: str | PathLike[str] | None = None,
) -> OpenCorpus:
    """Build the dataset of a corpus anew, its sources in parallel, and open it.

    Args:
        corpus: its folder; None for the shipped one. Every process of the executor sees it.
        cache: where built datasets lie; None for the user's cache folder.
        executor: compiles the sources: anything that has `submit` as `concurrent.futures` has
            it, for example `Client.get_executor()` of Dask. None for this process.
        shards: a folder that is given the dataset too, as one file of sorted N-Quads for each
            source. None for nowhere.

    Raises:
        BadInput: the corpus has errors.
        NotBuildable: the cache or the shards cannot be written, or a process was killed.
        UsageError: `shards` holds N-Quads of something else.
    """
    from ccgkg.corpus.places import corpus_at
    from ccgkg.dataset import opening
    from ccgkg.dataset.cache import Cache, cache_root

    place = corpus_at(Path(corpus) if corpus else None)
    kept = Cache.of(place, cache_root(Path(cache) if cache else None))
    manifest = opening.build(
        place, kept, executor=executor, shards=Path(shards) if shards else None
    )
    return OpenCorpus(Store.at(kept, manifest))
