"""The shapes make a wrong dataset fail, with a message that a curator understands."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from ccgkg.corpus.places import corpus_at
from ccgkg.dataset.prefixes import CCG, CITO, DCAT, DCTERMS, OA, PROV, RDF, RDFS
from ccgkg.dataset.shapes import breaches, read_shapes

CLAIM = "https://w3id.org/ccgkg/claim/pulse-2016/influence-20"
PASSAGE = f"{CLAIM}/passage/1"
TARGET = f"{PASSAGE}/target/1"
ISSUE = "https://w3id.org/ccgkg/issue/gps-influence-ccgs"
BEARING = f"{ISSUE}/bearing/pulse-2016/influence-20"


@pytest.fixture(scope="module")
def quads(compiled) -> list[ox.Quad]:
    return list(ox.parse(compiled.nquads, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def shapes():
    return read_shapes(corpus_at(None).shapes())


def test_the_shipped_dataset_breaks_no_shape(quads, shapes):
    assert breaches(quads, shapes) == []


LOST = [
    (CLAIM, RDFS + "label", "sentence of its own"),
    (CLAIM, RDF + "subject", "at least one subject"),
    (CLAIM, RDF + "predicate", "exactly one relation"),
    (CLAIM, CCG + "polarity", "affirmed or denied"),
    (CLAIM, CCG + "modality", "exactly one modality"),
    (CLAIM, CCG + "source", "exactly one source"),
    (CLAIM, CCG + "asserter", "Somebody says a claim"),
    (CLAIM, CCG + "teller", "Somebody tells a claim"),
    (CLAIM, PROV + "qualifiedAttribution", "chain of at least one link"),
    (CLAIM, CCG + "digest", "SHA-256"),
    (CLAIM, CCG + "states", "whether it is stated"),
    (f"{CLAIM}/link/1", PROV + "agent", "is one actor"),
    (f"{CLAIM}/link/1", DCAT + "hadRole", "asserts, reports or tells"),
    (PASSAGE, OA + "hasBody", "evidence of exactly one claim"),
    (PASSAGE, OA + "hasTarget", "at least one stretch"),
    (PASSAGE, CCG + "verdict", "exact or folded"),
    (TARGET, OA + "hasSource", "exactly one source"),
    (TARGET, OA + "hasSelector", "by a quote and by a position"),
    (f"{TARGET}/quote", OA + "exact", "exact words"),
    (f"{TARGET}/position", OA + "end", "ends once"),
    (f"{CLAIM}/figure", CCG + "said", "words in which it is printed"),
    (f"{CLAIM}/figure", CCG + "unit", "one unit"),
    (f"{CLAIM}/figure", CCG + "measure", "what it counts"),
    (f"{CLAIM}/figure", CCG + "population", "whom it counts"),
    ("https://w3id.org/ccgkg/actor/ccgs", CCG + "kind", "one kind"),
    ("https://w3id.org/ccgkg/actor/ccgs", CCG + "tier", "one tier"),
    ("https://w3id.org/ccgkg/source/pulse-2016", CCG + "sha256", "SHA-256"),
    (ISSUE, RDFS + "label", "one question"),
    (BEARING, CCG + "issue", "on one issue"),
    (BEARING, CCG + "claim", "one claim that bears"),
    (BEARING, CCG + "side", "one side of an issue"),
    (BEARING, CCG + "because", "for a reason"),
]


def test_whatever_is_lost_is_missed(quads, shapes):
    """All losses at once: each must be told at its own place."""
    lost = {(subject, predicate) for subject, predicate, _ in LOST}
    kept = [q for q in quads if (q.subject.value, q.predicate.value) not in lost]
    told = breaches(kept, shapes)
    passage_less = (CLAIM, "at least one passage")
    for subject, message in [*((s, m) for s, _, m in LOST), passage_less]:
        assert any(focus == subject and message in said for focus, said in told), (subject, message)


WRONG = [
    (CLAIM, RDF + "predicate", "http://example.org/undeclared", "ontology declares it"),
    (CLAIM, CCG + "lever", "http://example.org/whip", "one of the ontology's"),
    (CLAIM, CCG + "involves", "http://example.org/nobody", "is registered"),
    (f"{CLAIM}/link/1", PROV + "agent", "https://w3id.org/ccgkg/work/kf-nt-study", "one actor"),
    (PASSAGE, CCG + "verdict", "https://w3id.org/ccgkg/ns/verdict/drifted", "exact or folded"),
    (CLAIM, CCG + "bearsOn", "https://w3id.org/ccgkg/topic/gp-influence", "a registered issue"),
    (ISSUE, DCTERMS + "subject", "http://example.org/nothing", "is registered"),
    (BEARING, CCG + "side", "https://w3id.org/ccgkg/ns/bearing/against-it", "one side"),
    (BEARING, CCG + "claim", "https://w3id.org/ccgkg/actor/gps", "one claim that bears"),
]


@pytest.mark.parametrize(("subject", "predicate", "value", "message"), WRONG)
def test_what_is_wrong_is_told_with_the_value(subject, predicate, value, message, quads, shapes):
    more = ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))
    near = [q for q in quads if "pulse-2016" in str(q) or "/claim/" not in str(q)]
    told = breaches([*near, more], shapes)
    assert any(focus == subject and message in said for focus, said in told)


def test_a_passage_that_ends_before_it_starts(quads, shapes):
    position, start = ox.NamedNode(f"{TARGET}/position"), ox.NamedNode(OA + "start")
    integer = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    kept = [q for q in quads if (q.subject, q.predicate) != (position, start)]
    late = ox.Quad(position, start, ox.Literal("999999", datatype=integer))
    told = breaches([*kept, late], shapes)
    assert any(f == position.value and "starts before it ends" in m for f, m in told)


def test_a_link_to_itself_and_without_a_reason(quads, shapes):
    link = next(q.subject for q in quads if q.object == ox.NamedNode(CCG + "ReasonedLink"))
    kept = [q for q in quads if (q.subject, q.predicate.value) != (link, CCG + "because")]
    (one,) = (q.object for q in quads if (q.subject, q.predicate.value) == (link, CCG + "linkFrom"))
    told = breaches([*kept, ox.Quad(link, ox.NamedNode(CCG + "linkTo"), one)], shapes)
    said = [m for f, m in told if f == link.value]
    assert any("has a reason" in m for m in said)
    assert any("another claim" in m for m in said)


def test_an_issue_on_which_one_claim_bears(quads, shapes):
    bears_on = [
        q for q in quads if q.predicate.value == CCG + "bearsOn" and q.object.value == ISSUE
    ]
    kept = [q for q in quads if q not in bears_on[1:]]
    assert (ISSUE, "At least two claims bear on an issue.") in breaches(kept, shapes)


def test_links_between_claims_have_their_direct_triple(quads):
    direct = {(q.subject, q.predicate, q.object) for q in quads}
    reasoned = {}
    for quad in quads:
        if quad.predicate.value in (CCG + "linkFrom", CCG + "linkType", CCG + "linkTo"):
            reasoned.setdefault(quad.subject, {})[quad.predicate.value] = quad.object
    assert any(parts[CCG + "linkType"].value.startswith(CITO) for parts in reasoned.values())
    for parts in reasoned.values():
        assert (parts[CCG + "linkFrom"], parts[CCG + "linkType"], parts[CCG + "linkTo"]) in direct
