"""Things: whatever a page names and may link to, by its kind and its key.

The pages mirror the addresses of the dataset: `<base>actor/ccgs` is told on `actor/ccgs.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from ccgkg.dataset.prefixes import RESOURCES
from ccgkg.dataset.snapshot import Snapshot

__all__ = ["PAGED", "Thing", "Things", "page_of"]

PAGED = ("actor", "topic", "work", "wave", "claim", "source")
"""Kinds of things that have a page of their own."""

_KINDS = tuple(path.rstrip("/") for path in RESOURCES.values())


@dataclass(frozen=True, slots=True)
class Thing:
    """What a page names.

    Attributes:
        label: for people.
        iri: its address; empty for plain words.
        kind: `actor`, `topic`, `work`, `wave`, `claim`, `source`, `term` (of the ontology) and
            so on; empty for words.
        key: the last part of the address; `source/id` of a claim.
        page: where the site tells of it, from the site's root; empty if nowhere.
    """

    label: str
    iri: str = ""
    kind: str = ""
    key: str = ""
    page: str = ""


def page_of(kind: str, key: str) -> str:
    """The page of a thing, as a link from the site's root.

    >>> page_of("claim", "holder-2014/stick")
    'claim/holder-2014/stick.html'
    >>> page_of("measure", "could-influence")
    ''
    """
    return f"{kind}/{quote(key)}.html" if kind in PAGED else ""


class Things:
    """Names the things of a dataset, each once.

    Attributes:
        facts: the dataset.
    """

    def __init__(self, facts: Snapshot) -> None:
        self.facts = facts
        self._base = facts.manifest.corpus["base"]
        self._spaces = sorted(
            ((space, prefix) for prefix, space in facts.manifest.prefixes.items()), reverse=True
        )
        self._named: dict[str, Thing] = {}

    def of(self, value: str) -> Thing:
        """The thing with an IRI; words that are no IRI of the dataset are only words."""
        thing = self._named.get(value)
        if thing is None:
            thing = self._named[value] = self._make(value)
        return thing

    def all(self, subject: str, predicate: str) -> tuple[Thing, ...]:
        """The values of a property as things."""
        return tuple(self.of(value) for value in self.facts.objects(subject, predicate))

    def one(self, subject: str, predicate: str) -> Thing | None:
        """The first value of a property as a thing."""
        return next(iter(self.all(subject, predicate)), None)

    def iri(self, kind: str, key: str) -> str:
        """The address of a thing."""
        return f"{self._base}{kind}/{key}"

    def _make(self, value: str) -> Thing:
        if not self.facts.is_described(value):
            return Thing(value)
        kind, _, key = value.removeprefix(self._base).partition("/")
        label = self.facts.label(value)
        if not value.startswith(self._base) or kind not in _KINDS:
            return self._term(value, label)
        key = unquote(key)
        home, apart, region = key.partition("/region/")
        if apart:
            # A part of a source is told on the source's page.
            source = self.of(self.iri("source", home))
            return Thing(f"{region} of “{source.label}”", value, "region", key, source.page)
        if kind == "issue":
            return Thing(label, value, kind, key, f"lens/disagreements.html#{key}")
        return Thing(label, value, kind, key, page_of(kind, key))

    def _term(self, value: str, label: str) -> Thing:
        """A relation, or a concept of a scheme: told on the page of the ontology."""
        for space, prefix in self._spaces:
            if value.startswith(space):
                key = value.removeprefix(space)
                return Thing(label, value, "term", key, f"ontology.html#{prefix}-{key}")
        return Thing(label, value, "term", value)
