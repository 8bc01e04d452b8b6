"""Things: a plain page of what the dataset says of an IRI that has no page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from ccgkg.corpus.text import plain
from ccgkg.dataset.store import Store, Value
from ccgkg.queries.naming import resolve_iri
from ccgkg.queries.running import prefixed
from ccgkg.server.rendering import templates
from ccgkg.site.rendering import Edition, sealed

__all__ = ["thing_page"]

_MOST = 50
"""Values of one property that are listed."""

_FORMS = (
    (".ttl", "text/turtle"),
    (".jsonld", "application/ld+json"),
    (".nt", "application/n-triples"),
)
_ROWS = (
    "SELECT ?p ?value (MIN(?name) AS ?label) WHERE { { SELECT ?p ?value WHERE { %s } LIMIT 2000 } "
    "OPTIONAL { ?value rdfs:label|skos:prefLabel ?name } } GROUP BY ?p ?value"
)


class _Told(NamedTuple):
    """A term for people, and where it leads."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A property with its values."""

    name: _Told
    told: Sequence[_Told]
    more: int = 0


def thing_page(store: Store, iri: str) -> str:
    """The page of an IRI below the corpus's base.

    Raises:
        UsageError: nothing is said of it; the nearest is named.
    """
    resolve_iri(store, iri)
    base = store.manifest.corpus["base"]
    path = iri.removeprefix(base)
    root = "../" * path.count("/")
    rows = _Rows(store, root)
    outgoing = rows.of(f"<{iri}> ?p ?value")
    incoming = rows.of(f"?value ?p <{iri}>")
    names = store.rows(f"SELECT ?l {{ <{iri}> rdfs:label|skos:prefLabel ?l }} ORDER BY ?l LIMIT 1")
    label = names[0][0].text if names and names[0][0] else prefixed(store, iri)
    types = next((row.told for row in outgoing if row.name.text == "rdf:type"), ())
    told = (
        templates()
        .get_template("thing.html")
        .render(
            edition=Edition.of(store, served=True),
            root=root,
            path=quote(path),
            iri=iri,
            label=plain(label),
            types=[value.text for value in types],
            forms=_FORMS,
            outgoing=outgoing,
            incoming=incoming,
        )
    )
    return sealed(told)


class _Rows:
    """Reads properties with their values, each value with where it leads."""

    def __init__(self, store: Store, root: str) -> None:
        self._store, self._root = store, root

    def of(self, pattern: str) -> list[_Row]:
        """The properties and values that a pattern finds as `?p` and `?value`."""
        found: dict[str, list[_Told]] = {}
        for name, value, label in self._store.rows(_ROWS % pattern):
            assert name is not None
            assert value is not None
            found.setdefault(name.text, []).append(self._told(value, label.text if label else ""))
        return [
            _Row(
                self._told(Value("iri", name)), sorted(values)[:_MOST], max(0, len(values) - _MOST)
            )
            for name, values in sorted(found.items())
        ]

    def _told(self, value: Value, label: str = "") -> _Told:
        base = self._store.manifest.corpus["base"]
        if value.kind != "iri":
            return _Told(value.text)
        text = label or prefixed(self._store, value.text)
        if value.text.startswith(base):
            return _Told(text, self._root + quote(value.text.removeprefix(base)))
        return _Told(text, value.text if value.text.startswith(("https://", "http://")) else "")
