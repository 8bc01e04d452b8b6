"""The dataset by the claims on which each statement rests, worked out from the N-Quads alone.

With it, evidence is held against what it means: without all other claims a row is still there;
without its own it is gone.
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

BASE = "https://w3id.org/ccgkg/"
CCG = f"{BASE}ns/"


class Ground:
    """The dataset by the claims on which each statement rests, worked out from the N-Quads."""

    def __init__(self, store) -> None:
        self.prefixes = store.manifest.prefixes
        self.whole = list(ox.parse(path=str(store.nquads), format=ox.RdfFormat.N_QUADS))
        graphs, facts, entries = defaultdict(set), defaultdict(dict), defaultdict(set)
        for quad in self.whole:
            name = quad.predicate.value.removeprefix(CCG)
            if isinstance(quad.graph_name, ox.NamedNode):
                graphs[quad.triple].add(self.claim(quad.graph_name))
            elif name in ("factOf", "factProperty", "factValue"):
                facts[quad.subject][name] = quad.object
            elif name in ("restsOn", "claim"):
                entries[quad.subject].add(self.claim(quad.object))
        stated = {tuple(fact[name] for name in ("factOf", "factProperty", "factValue")): entries[at]
                  for at, fact in facts.items() if "factProperty" in fact}  # fmt: skip
        self.claims = {}
        for quad in self.whole:
            triple = (quad.subject, quad.predicate, quad.object)
            found = {self.claim(quad.subject), self.claim(quad.object)}
            if isinstance(quad.graph_name, ox.NamedNode):
                found.add(self.claim(quad.graph_name))
            else:
                found |= graphs[quad.triple] | stated.get(triple, set()) | entries[quad.subject]
            self.claims[quad] = frozenset(found - {None})
        self.store = ox.Store()
        self.bare = ox.Store()
        self.of = defaultdict(list)
        for quad, found in self.claims.items():
            self.store.add(quad)
            if not found:
                self.bare.add(quad)
            for one in found:
                self.of[one].append(quad)

    @staticmethod
    def claim(term) -> str | None:
        if not isinstance(term, ox.NamedNode) or not term.value.startswith(f"{BASE}claim/"):
            return None
        return "/".join(term.value.split("/")[:7])

    def with_only(self, claims, text: str) -> set[tuple]:
        """The rows where all is gone that rests on any other claim."""
        kept = {quad for one in claims for quad in self.of[one] if self.claims[quad] <= set(claims)}
        self.bare.extend(kept)
        rows = self._rows(self.bare, text)
        for quad in kept:
            self.bare.remove(quad)
        return rows

    def without(self, claims, text: str) -> set[tuple]:
        """The rows where all is gone that rests on one of these claims."""
        gone = {quad for one in claims for quad in self.of[one]}
        for quad in gone:
            self.store.remove(quad)
        rows = self._rows(self.store, text)
        self.store.extend(gone)
        return rows

    def _rows(self, store: ox.Store, text: str) -> set[tuple]:
        found = store.query(text, prefixes=self.prefixes)
        return {tuple(None if term is None else str(term) for term in row) for row in found}


def written(row) -> tuple:
    return tuple(
        None
        if value is None
        else str(
            ox.NamedNode(value.text)
            if value.kind == "iri"
            else ox.Literal(value.text, language=value.language)
            if value.language
            else ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))
        )
        for value in row
    )
