"""How often the dataset uses each term of the vocabularies, and which claim shows it.

The claim that shows a term is the first in the order of the corpus (sources by key, passages by
place), an affirmed one before a denied one; a withdrawn claim neither counts nor shows anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property

from ccgkg.api import OpenCorpus
from ccgkg.dataset.store import Value

STEPS = (
    "",
    "ccg:involves",
    "ccg:comparison",
    "ccg:time",
    "ccg:figure",
    "prov:qualifiedAttribution",
    "^oa:hasBody",
    "^oa:hasBody/oa:hasTarget",
    "^oa:hasBody/ccg:inRegion",
    "rdf:predicate",
    "rdf:predicate/ccg:family",
    "ccg:lever",
    "ccg:modality",
    "ccg:source",
    "prov:qualifiedAttribution/ccg:in",
    "ccg:figure/ccg:measure",
    "ccg:figure/ccg:wave",
    "ccg:involves/ccg:kind",
    "^ccg:linkFrom",
    "!(rdf:type|^rdf:type)",
    "ccg:source/^ccg:factOf",
)
"""Ways from a claim to what shows a term, the nearest first; the first is the claim itself."""

_IN_ORDER = """
SELECT ?claim WHERE {
  ?claim ccg:polarity ?polarity ; ccg:source ?source .
  FILTER NOT EXISTS { ?claim ccg:withdrawnBecause ?why }
  ?passage oa:hasBody ?claim ; oa:hasTarget ?target .
  ?target oa:hasSource ?source ; oa:hasSelector/oa:start ?start .
}
GROUP BY ?claim ?source ?polarity
ORDER BY (?polarity = polarity:denied) ?source MIN(?start) ?claim
"""


class Uses:
    """The default graph of a dataset by prefixed names, and what its claims lead to.

    Attributes:
        prefixes: prefix to namespace.
        values: subject to property to values, sorted.
        holders: property to its subject, once for each triple.
        users: a value that is an IRI to the subject and the property of each triple.
        order: each claim that is not withdrawn to its place in the corpus.
    """

    def __init__(self, corpus: OpenCorpus) -> None:
        self._store = corpus.store
        self.prefixes = corpus.store.manifest.prefixes
        # The longest first: `lever:stick`, not `nhs:lever\/stick`.
        self._namespaces = sorted(self.prefixes.items(), key=lambda item: (-len(item[1]), item))
        self._names: dict[str, str] = {}
        self.values: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self.holders: dict[str, list[str]] = defaultdict(list)
        self.users: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, predicate, value in sorted(self._rows("SELECT ?s ?p ?o { ?s ?p ?o }")):
            self.values[subject.text][predicate.text].append(value)
            self.holders[predicate.text].append(subject.text)
            if value.kind == "iri":
                self.users[value.text].append((subject.text, predicate.text))
        self.order = {row[0].text: place for place, row in enumerate(self._rows(_IN_ORDER))}

    def _rows(self, query: str) -> list[tuple[Value, ...]]:
        """The rows of an answer, with IRIs as prefixed names."""
        return [
            tuple(
                value._replace(text=self.name(value.text)) if value.kind == "iri" else value
                for value in row
                if value
            )
            for row in self._store.rows(query)
        ]

    def name(self, iri: str) -> str:
        """An IRI as Turtle and SPARQL write it."""
        if iri not in self._names:
            fitting = (item for item in self._namespaces if iri.startswith(item[1]))
            prefix, namespace = next(fitting, ("", ""))
            local = iri.removeprefix(namespace).replace("/", "\\/")
            self._names[iri] = f"{prefix}:{local}" if prefix else f"<{iri}>"
        return self._names[iri]

    def all(self, subject: str, predicate: str) -> list[str]:
        """The texts of the values of a property."""
        return [value.text for value in self.values.get(subject, {}).get(predicate, ())]

    def one(self, subject: str, predicate: str) -> str:
        """The first value of a property, or nothing."""
        return next(iter(self.all(subject, predicate)), "")

    def having(self, predicate: str, value: str) -> list[str]:
        """The subjects that have an IRI as the value of a property."""
        return [subject for subject, name in self.users[value] if name == predicate]

    def declared(self, *classes: str) -> list[str]:
        """The instances of some classes in the namespaces of the ontology."""
        homes = tuple(self.having("rdf:type", "owl:Ontology"))
        found = {name for each in classes for name in self.having("rdf:type", each)}
        return sorted(name for name in found if name.startswith(homes))

    @cached_property
    def reached(self) -> dict[str, dict[str, list[str]]]:
        """For each step the nodes to which it leads, each with the claims from which it starts."""
        found: dict[str, dict[str, list[str]]] = {"": {claim: [claim] for claim in self.order}}
        for step in STEPS[1:]:
            found[step] = defaultdict(list)
            query = f"SELECT DISTINCT ?claim ?node WHERE {{ ?claim a ccg:Claim ; {step} ?node }}"
            for claim, node in self._rows(query):
                if claim.text in self.order:
                    found[step][node.text].append(claim.text)
        return found

    def step_to(self, nodes: Collection[str]) -> str | None:
        """The nearest step that leads from a claim to one of some nodes."""
        return next(
            (step for step in STEPS if not self.reached[step].keys().isdisjoint(nodes)), None
        )

    def claims(self, step: str | None, nodes: Iterable[str]) -> list[str]:
        """The claims from which a step leads to one of some nodes, in the order of the corpus."""
        ways = {} if step is None else self.reached[step]
        return sorted({claim for node in nodes for claim in ways.get(node, ())}, key=self.order.get)
