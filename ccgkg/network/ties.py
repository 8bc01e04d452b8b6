"""Ties: what one claim draws between two things, and where ties come from.

A claim ties each of its subjects to each of its objects. An answer of a query is a network
if it names claims (their own ties are drawn), or a pair of things `?from` and `?to` in each row
(with the claim that the row rests on, and a word `?as` for what is drawn), or if it constructs
triples between things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import networkx as nx

from ccgkg.dataset.store import Answer, Store, Value
from ccgkg.errors import QueryError
from ccgkg.network.statements import Kind, Statement, Statements, Thing, local_name, read_things

__all__ = ["Drawn", "Tie", "network_of", "of_answer", "of_claims"]

_PALETTE = ("#6b7c93", "#2f6fde", "#c026a3", "#0f8b8d", "#8d6e3f", "#c2410c", "#8b5cf6", "#5f8f2f")
"""Colours of what no ontology gives one, in the order of their names."""


class Tie(NamedTuple):
    """One claim between two things.

    Attributes:
        source, target: ids of things, from the one to the other.
        kind: id of what it is drawn as.
        standing: `affirmed`, `open` or `denied`.
        claim: short id; empty where the row or triple rests on none.
    """

    source: str
    target: str
    kind: str
    standing: str
    claim: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The ties of a network, and what they need that no claim of the corpus has.

    Attributes:
        ties: in the order of the answer, each once.
        claims: short ids of all claims of the answer, drawn or not.
        kinds: further kinds, by id.
        things: further things, by id.
    """

    ties: tuple[Tie, ...]
    claims: tuple[str, ...]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    things: Mapping[str, Thing] = field(default_factory=dict)


def of_claims(statements: Statements, claims: Iterable[str]) -> Drawn:
    """The ties of some claims, by their own subjects and objects."""
    chosen = [claim for claim in dict.fromkeys(claims) if claim in statements.claims]
    ties = [tie for claim in chosen for tie in _ties(statements.claims[claim])]
    return Drawn(tuple(ties), tuple(chosen))


def _ties(claim: Statement) -> Iterator[Tie]:
    for source in claim.subjects:
        for target in claim.objects:
            for kind in claim.kinds:
                yield Tie(source, target, kind, claim.standing, claim.id)


def of_answer(statements: Statements, answer: Answer, store: Store) -> Drawn:
    """The ties of an answer.

    Args:
        statements: the claims of the dataset.
        answer: of a SELECT or CONSTRUCT query.
        store: the dataset, which knows the names of things that no claim speaks of.

    Raises:
        QueryError: it is no network; the message says what it lacks.
    """
    drawn = _of_any(statements, answer, store.manifest.corpus["base"])
    ends = {end for tie in drawn.ties for end in (tie.source, tie.target)}
    strange = ends - set(statements.things)
    return replace(drawn, things=read_things(store, strange)) if strange else drawn


def _of_any(statements: Statements, answer: Answer, base: str) -> Drawn:
    if answer.kind == "select":
        rows = [dict(zip(answer.variables, row, strict=True)) for row in answer.rows()]
        pairs = {"from", "to"} <= set(answer.variables)
        drawn = _of_pairs(statements, rows, base) if pairs else None
        return drawn or _of_claim_columns(statements, rows, answer.variables, base)
    if answer.kind == "construct":
        return _of_triples(statements, answer, base)
    raise QueryError("an ASK query is no network: it answers yes or no")


Row = dict[str, Value | None]


def _of_pairs(statements: Statements, rows: Sequence[Row], base: str) -> Drawn | None:
    """The ties of rows with things in `?from` and `?to`; None where these are only words."""
    words, found, claims = set(), [], []
    for row in rows:
        ends = row["from"], row["to"]
        own = _claims_in(statements, row.values(), base)
        claims += own
        if not all(end is not None and end.kind == "iri" for end in ends):
            continue
        source, target = (end.text.removeprefix(base) for end in ends if end is not None)
        word = row.get("as")
        words.add(word.text if word else "")
        standing = statements.claims[own[0]].standing if own else "affirmed"
        kind = _as(word.text if word else "")
        found.append(Tie(source, target, kind, standing, own[0] if own else ""))
    if not found:
        return None
    kinds = {
        _as(word): Kind(_as(word), word or "joined by the query", _PALETTE[at % len(_PALETTE)])
        for at, word in enumerate(sorted(words))
    }
    return _drawn(found, claims, kinds)


def _as(word: str) -> str:
    return f"as/{word}"


def _of_claim_columns(
    statements: Statements, rows: Sequence[Row], columns: Sequence[str], base: str
) -> Drawn:
    claims = [claim for row in rows for claim in _claims_in(statements, row.values(), base)]
    if claims or not rows:
        return of_claims(statements, claims)
    raise QueryError(
        "the answer is no network: no column holds claims, and there are no columns ?from and ?to "
        f"that hold things; columns: {', '.join(f'?{name}' for name in columns)}",
        hint="Add ?claim to the SELECT, or name the two things ?from and ?to.",
    )


def _claims_in(statements: Statements, values: Iterable[Value | None], base: str) -> list[str]:
    start = f"{base}claim/"
    shorts = [v.text.removeprefix(start) for v in values if v is not None and v.kind == "iri"]
    return [short for short in dict.fromkeys(shorts) if short in statements.claims]


def _of_triples(statements: Statements, answer: Answer, base: str) -> Drawn:
    triples = list(answer.triples())
    by_triple: dict[tuple[str, str, str], list[Statement]] = {}
    for claim in statements.claims.values():
        for source in claim.subjects:
            for target in claim.objects:
                by_triple.setdefault((source, claim.predicate, target), []).append(claim)
    found, labels = [], {}
    for subject, predicate, value in triples:
        if subject.kind != "iri" or value.kind != "iri":
            continue
        source, relation, target = (
            term.text.removeprefix(base) for term in (subject, predicate, value)
        )
        resting = by_triple.get((source, relation, target), [])
        found += [
            Tie(source, target, kind, claim.standing, claim.id)
            for claim in resting
            for kind in claim.kinds
        ]
        if not resting:
            labels[_as(relation)] = local_name(relation)
            found.append(Tie(source, target, _as(relation), "affirmed", ""))
    if triples and not found:
        raise QueryError(
            "the answer is no network: none of its triples joins two things; each has a literal "
            "or a blank node at one end"
        )
    kinds = {
        kind: Kind(kind, label, _PALETTE[at % len(_PALETTE)])
        for at, (kind, label) in enumerate(sorted(labels.items()))
    }
    return _drawn(found, [tie.claim for tie in found if tie.claim], kinds)


def _drawn(ties: Iterable[Tie], claims: Iterable[str], kinds: dict[str, Kind]) -> Drawn:
    return Drawn(tuple(dict.fromkeys(ties)), tuple(dict.fromkeys(claims)), kinds)


def network_of(ties: Iterable[Tie]) -> nx.MultiDiGraph:
    """The network of some ties: one edge per pair, kind and standing, with its claims.

    Each edge has `kind`, `standing` and `claims` (short ids; several ties of one claim count
    once), and as its key `kind|standing`. A tie without a claim counts as one empty id.
    """
    network = nx.MultiDiGraph()
    for tie in ties:
        key = f"{tie.kind}|{tie.standing}"
        if not network.has_edge(tie.source, tie.target, key):
            network.add_edge(
                tie.source, tie.target, key, kind=tie.kind, standing=tie.standing, claims={}
            )
        network.edges[tie.source, tie.target, key]["claims"][tie.claim] = None
    return network
