"""Makes the generated parts of `ontology/README.md`, the reference of the vocabularies.

`<!-- turtle: SHORT ID -->` is followed by that claim, its chain and its first passage, and
`<!-- PART -->` by a part of `PARTS`, up to `<!-- end of PART -->`; the rest is written by hand.
Everything is read from the dataset, which holds the ontology too.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from uses import Uses

import ccgkg
from ccgkg.corpus.markdown import escaped
from ccgkg.dataset.store import Value

PAGE = Path(__file__).resolve().parent.parent / "ontology" / "README.md"

_PART = re.compile(r"<!-- (\w+) -->\n.*?<!-- end of \1 -->", re.DOTALL)
_TURTLE = re.compile(r"<!-- turtle: (\S+) -->\n```turtle\n.*?```", re.DOTALL)
_IN_TURTLE = """
    rdf:type rdfs:label rdf:subject rdf:predicate rdf:object ccg:modality ccg:polarity ccg:lever
    ccg:states ccg:source prov:qualifiedAttribution ccg:step prov:agent ccg:words ccg:in
    ccg:relayedBy oa:hasBody ccg:verdict oa:hasTarget oa:hasSource oa:hasSelector oa:exact
    oa:start oa:end
"""
"""The properties that an example in Turtle shows, in their order."""
_LONGEST = 60  # characters of a value in a cell, or of several in a line of Turtle
_NOTHING = "–"


def page(text: str) -> str:
    """The page with its generated parts made anew."""
    uses = Uses(ccgkg.open())
    text = _TURTLE.sub(
        lambda m: f"<!-- turtle: {m[1]} -->\n```turtle\n{turtle(uses, m[1])}\n```", text
    )
    return _PART.sub(
        lambda m: f"<!-- {m[1]} -->\n\n{PARTS[m[1]](uses)}\n\n<!-- end of {m[1]} -->", text
    )


# -- a claim in Turtle


def turtle(uses: Uses, short: str) -> str:
    """A claim, its chain and its first passage, in that order, with the main properties."""
    claim = "claim:" + short.replace("/", "\\/")
    passage = uses.having("oa:hasBody", claim)[0]
    targets = uses.all(passage, "oa:hasTarget")
    selectors = [name for target in targets for name in uses.all(target, "oa:hasSelector")]
    links = uses.all(claim, "prov:qualifiedAttribution")
    return "\n\n".join(_node(uses, node) for node in (claim, *links, passage, *targets, *selectors))


def _node(uses: Uses, node: str) -> str:
    lines = []
    for name in _IN_TURTLE.split():
        values = [_term(value) for value in uses.values[node].get(name, ())]
        if values:
            between = ", " if sum(map(len, values)) <= _LONGEST else ",\n    "
            lines.append(f"{'a' if name == 'rdf:type' else name} {between.join(values)}")
    return f"{node} " + " ;\n  ".join(lines) + " ."


def _term(value: Value) -> str:
    if value.kind == "iri" or value.datatype.endswith(("#integer", "#boolean")):
        return value.text
    quoted = json.dumps(value.text, ensure_ascii=False)  # escapes as Turtle does
    return f"{quoted}@{value.language}" if value.language else quoted


# -- cells of tables


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(*names: str) -> str:
    # A vertical line would end the cell, in code too.
    return "<br>".join("`{}`".format(name.replace("|", "\\|")) for name in names) or _NOTHING


def _told(uses: Uses, subject: str, predicate: str) -> str:
    """The first value of a property, as Markdown."""
    return escaped(uses.one(subject, predicate))


def _link(claim: str, title: str = "") -> str:
    """A claim's short id, linked to the file in which it stands."""
    short = claim.removeprefix("claim:").replace("\\/", "/")
    words = ' "{}"'.format(escaped(title).replace('"', '\\"')) if title else ""
    return f"[{short}](../seeds/{short.partition('/')[0]}/claims.yaml{words})"


def _sentence(uses: Uses, claims: Sequence[str]) -> str:
    """What the first of some claims says, and its short id."""
    return f"{_told(uses, claims[0], 'rdfs:label')} {_link(claims[0])}" if claims else _NOTHING


def _shown(uses: Uses, nodes: Collection[str], predicate: str = "") -> str:
    """A node, or its value of a property, and a claim that leads there, its sentence as title."""
    step = uses.step_to(nodes)
    if step is None:
        return _NOTHING
    claim = uses.claims(step, nodes)[0]
    node = min(node for node in nodes if claim in uses.reached[step].get(node, ()))
    value = uses.values[node][predicate][0] if predicate else Value("iri", node)
    return f"{_value(value)} {_link(claim, uses.one(claim, 'rdfs:label'))}"


def _value(value: Value) -> str:
    if value.kind == "iri":
        return _code(value.text)
    short = len(value.text) <= _LONGEST
    return f"“{escaped(value.text if short else value.text[:_LONGEST].rstrip() + ' …')}”"


# -- parts of the page


def relations(uses: Uses) -> str:
    """Relations, family by family."""
    declared = uses.declared("ccg:Relation")
    families = sorted({uses.one(relation, "ccg:family") for relation in declared})
    parts = [f"{len(declared)} relations in {len(families)} families."]
    for family in families:
        members = uses.having("ccg:family", family)
        parts.append(f"### {_told(uses, family, 'skos:prefLabel')} ({_code(family)})")
        parts.append(_told(uses, family, "skos:definition"))
        heads = ("relation", "meaning", "ends, default lever", "claims", "example")
        parts.append(_table(heads, (_relation(uses, relation) for relation in members)))
    return "\n\n".join(parts)


def _relation(uses: Uses, relation: str) -> Iterator[str]:
    names = [_code(relation), _told(uses, relation, "rdfs:label")]
    if "owl:SymmetricProperty" in uses.all(relation, "rdf:type"):
        names.append("(both ways)")
    for inverse in uses.all(relation, "owl:inverseOf"):
        names.append(f"inverse: {_code(inverse)} {_told(uses, inverse, 'rdfs:label')}")
    domain, range_ = (
        " or ".join(
            _told(uses, end, "rdfs:label") or _code(end) for end in uses.all(relation, side)
        )
        for side in ("rdfs:domain", "rdfs:range")
    )
    claims = uses.claims("rdf:predicate", [relation])
    yield "<br>".join(names)
    yield _told(uses, relation, "skos:definition")
    yield "<br>".join(
        [f"{domain} → {range_ or '(nothing)'}", *map(_code, uses.all(relation, "ccg:usualLever"))]
    )
    yield str(len(claims))
    yield _sentence(uses, claims)


def classes(uses: Uses) -> str:
    """The classes of the vocabularies."""
    heads = ("class", "meaning", "narrower than", "instances", "example")
    return _table(heads, (_class(uses, name) for name in uses.declared("owl:Class")))


def _class(uses: Uses, name: str) -> Iterator[str]:
    instances = uses.having("rdf:type", name)
    yield f"{_code(name)}<br>{_told(uses, name, 'rdfs:label')}"
    yield _told(uses, name, "skos:definition")
    yield _code(*uses.all(name, "rdfs:subClassOf"))
    yield str(len(instances))
    yield _shown(uses, instances)


def properties(uses: Uses) -> str:
    """The properties but relations and their inverses, by the class that has them."""
    relations = uses.declared("ccg:Relation")
    inverses = {name for relation in relations for name in uses.all(relation, "owl:inverseOf")}
    owned: dict[str, list[str]] = defaultdict(list)
    for name in uses.declared("owl:ObjectProperty", "owl:DatatypeProperty"):
        if name not in inverses and name not in relations:
            owned[uses.one(name, "rdfs:domain")].append(name)
    parts = []
    for owner, names in sorted(owned.items(), key=lambda item: (-len(item[1]), item[0])):
        label = _told(uses, owner, "rdfs:label")
        named = _code(owner) if owner else "of several classes"
        parts.append(f"### {label} ({named})" if label else f"### {named}")
        heads = ("property", "meaning", "value", "triples", "example")
        parts.append(_table(heads, (_property(uses, name) for name in names)))
    return "\n\n".join(parts)


def _property(uses: Uses, name: str) -> Iterator[str]:
    holders = uses.holders[name]
    yield f"{_code(name)}<br>{_told(uses, name, 'rdfs:label')}"
    yield _told(uses, name, "skos:definition")
    yield _code(*uses.all(name, "rdfs:range"))
    yield str(len(holders))
    yield _shown(uses, holders, name)


def schemes(uses: Uses) -> str:
    """The schemes with their concepts."""
    parts = []
    for scheme in uses.declared("skos:ConceptScheme"):
        prefix = scheme.partition(":")[2] + ":"
        parts.append(f"### {_told(uses, scheme, 'dcterms:title')} ({_code(prefix)})")
        parts.append(_scheme(uses, uses.having("skos:inScheme", scheme)))
    return "\n\n".join(parts)


def _scheme(uses: Uses, concepts: Sequence[str]) -> str:
    """How a claim leads to a concept, and the concepts, by their `ccg:order` if they have one."""
    step = uses.step_to({node for concept in concepts for node, _ in uses.users[concept]})
    reached = {} if step is None else uses.reached[step]
    used = {name for concept in concepts for node, name in uses.users[concept] if node in reached}
    ways = [_code("/".join(filter(None, (step, name)))) for name in sorted(used)]
    ordered = sorted(concepts, key=lambda name: (int(uses.one(name, "ccg:order") or 0), name))
    rows = (_concept(uses, concept, step) for concept in ordered)
    way = f"From a claim: {', '.join(ways)}." if ways else "No claim leads to one."
    return f"{way}\n\n{_table(('concept', 'meaning', 'claims', 'example'), rows)}"


def _concept(uses: Uses, concept: str, step: str | None) -> Iterator[str]:
    claims = uses.claims(step, {node for node, _ in uses.users[concept]})
    label = _told(uses, concept, "skos:prefLabel")
    yield _code(concept) + ("" if label == concept.partition(":")[2] else f"<br>{label}")
    yield _told(uses, concept, "skos:definition")
    yield str(len(claims))
    yield _sentence(uses, claims)


def others(uses: Uses) -> str:
    """What the dataset uses of other vocabularies, with the number of instances or triples."""
    types = {name for node in list(uses.values) for name in uses.all(node, "rdf:type")}
    classes = {name: len(uses.having("rdf:type", name)) for name in types}
    predicates = {name: len(holders) for name, holders in uses.holders.items()}
    own = tuple(uses.having("rdf:type", "owl:Ontology"))
    rows: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, counts in enumerate((classes, predicates)):
        for name, count in sorted(counts.items()):
            if not name.startswith(own):
                rows[name.partition(":")[0]][side].append(f"{_code(name)} {count}")
    told = ([", ".join(side) or _NOTHING for side in row] for _, row in sorted(rows.items()))
    return _table(("classes, instances", "properties, triples"), told)


def prefixes(uses: Uses) -> str:
    """The prefixes of the corpus, as SPARQL declares them."""
    lines = [
        f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in sorted(uses.prefixes.items())
    ]
    return "```sparql\n{}\n```".format("\n".join(lines))


PARTS: Mapping[str, Callable[[Uses], str]] = {
    "classes": classes,
    "others": others,
    "prefixes": prefixes,
    "properties": properties,
    "relations": relations,
    "schemes": schemes,
}
