"""Examples: the named queries as texts that run as they stand.

A parameter without a default gets a value that this dataset has an answer for: the thing that
most claims concern, a pair that claims join, the years of the sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, permutations
from typing import NamedTuple

from ccgkg.corpus.tokens import form
from ccgkg.dataset.describing import Example
from ccgkg.dataset.prefixes import RDFS
from ccgkg.dataset.store import Store
from ccgkg.errors import QueryError, UsageError
from ccgkg.queries.running import Query, bound, load

__all__ = ["Examples", "examples"]

_TRIED = 12
"""How many values are tried for a query: the common ones; a query that none of them answers
asks something special."""

_THINGS = """
SELECT ?thing WHERE { ?claim ccg:concerns ?thing }
GROUP BY ?thing ORDER BY DESC(COUNT(DISTINCT ?claim)) ?thing"""
_CLAIMS = "SELECT ?claim WHERE { ?claim a ccg:Claim } ORDER BY ?claim"
_PAIRS = """
SELECT ?from ?to WHERE {
  ?claim rdf:subject ?from ; rdf:object ?to . FILTER(isIRI(?to))
}
GROUP BY ?from ?to ORDER BY DESC(COUNT(DISTINCT ?claim)) ?from ?to"""
_YEARS = "SELECT DISTINCT ?year WHERE { ?source ccg:year ?year } ORDER BY ?year"


class Examples(NamedTuple):
    """What the named queries come to.

    Attributes:
        shown: those that run as they stand, by name.
        left_out: name to reason.
    """

    shown: list[Example]
    left_out: dict[str, str]


def examples(store: Store) -> Examples:
    """The named queries with values for their parameters.

    This asks the dataset some dozens of small questions: do it once, and keep the answer.
    """
    values = _Values(store)
    shown, left_out = [], {}
    for header in store.manifest.queries:
        query = load(store, header["name"])
        try:
            given = values.of(query)
            text = _plain(bound(store, query, given))
        except (QueryError, UsageError) as error:
            left_out[query.name] = str(error)
            continue
        shown.append(
            Example(
                name=query.name,
                question=_asked(store, header["summary"], {**query.defaults, **given}),
                description=header["description"].strip(),
                keywords=tuple(header["tags"]),
                form=form(text),
                text=text,
            )
        )
    return Examples(shown, left_out)


def _plain(text: str) -> str:
    """The query without its header, which the example tells in RDF."""
    lines = [line for line in text.splitlines() if not line.startswith("#+")]
    return "\n".join(lines).strip() + "\n"


def _asked(store: Store, question: str, given: dict[str, str]) -> str:
    """The question, with the values for which it is asked."""
    told = [
        f"{name}: {next(iter(store.objects(value, RDFS + 'label')), value)}"
        if "://" in value
        else f"{name}: {value}"
        for name, value in given.items()
    ]
    return f"{question} ({'; '.join(told)})" if told else question


class _Values:
    """Finds values that a query has an answer for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def of(self, query: Query) -> dict[str, str]:
        """Values for the parameters of a query that have no default.

        Raises:
            UsageError: none of those that were tried has an answer.
        """
        missing = {n: t for n, t in query.parameters.items() if n not in query.defaults}
        if not missing:
            return {}
        for candidate in islice(self._candidates(missing), _TRIED):
            given = dict(zip(missing, candidate, strict=True))
            if not self.store.ask(bound(self.store, query, given)).found_nothing():
                return given
        listed = ", ".join(f"{name} ({kind})" for name, kind in missing.items())
        raise UsageError(f"no value was found that has an answer, for {listed}")

    def _candidates(self, parameters: Mapping[str, str]) -> Iterator[Sequence[str]]:
        """Values for parameters, the likeliest first."""
        kinds = list(parameters.values())
        if kinds == ["iri"]:
            (name,) = parameters
            yield from sorted(self._things, key=lambda thing: not self._is_of_kind(thing[0], name))
        elif kinds == ["iri", "iri"]:
            yield from self._told(f"{_PAIRS} LIMIT {_TRIED}")
        elif set(kinds) == {"integer"}:
            yield from permutations([year for (year,) in self._told(_YEARS)], len(kinds))

    @cached_property
    def _things(self) -> list[tuple[str, ...]]:
        return [*self._told(_THINGS), *self._told(f"{_CLAIMS} LIMIT {_TRIED}")]

    def _is_of_kind(self, iri: str, kind: str) -> bool:
        """Whether it is what a parameter's name says: a topic for `topic`."""
        return iri.startswith(f"{self.store.manifest.corpus['base']}{kind}/")

    def _told(self, query: str) -> list[tuple[str, ...]]:
        rows = self.store.rows(query)
        return [tuple(value.text for value in row if value is not None) for row in rows]
