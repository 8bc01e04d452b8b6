"""What describes an endpoint, its dataset and each thing in it says what is there, and no more.

Every document is read back by another reader of RDF, and every term that it takes from a
vocabulary is one that its publisher declares.
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SDO, SH, SKOS, VOID

import ccgkg
from ccgkg.corpus.tokens import form
from ccgkg.dataset.about import about
from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.describing import (
    RESULT_FORMATS,
    Example,
    service_description,
    sparql_examples,
    void_description,
)
from ccgkg.dataset.measuring import Sizes, measured
from ccgkg.dataset.prefixes import DESCRIBING
from ccgkg.dataset.serializing import FORMATS, serialized
from ccgkg.errors import QueryError
from ccgkg.queries.examples import examples

BASE = "https://w3id.org/ccgkg/"
ENDPOINT = "http://127.0.0.1:8000/sparql"
CLAIM = f"{BASE}claim/pulse-2016/influence-20"
STATING = f"{BASE}claim/holder-2014/visits"

G, G2 = "<http://ex.org/g?a=1&b=2>", "<http://ex.org/g2>"
FOREIGN = rf"""
<http://ex.org/Zürich> <http://ex.org/p/1> "tab\tand \"quotes\", @prefix x: <y>" {G} .
<http://ex.org/Zürich> <http://ex.org/named> _:b0 {G} .
_:b0 <http://ex.org/named> "deep"@de-AT {G} .
_:b0 <http://ex.org/to> _:b1 {G} .
_:b1 <http://ex.org/to> _:b0 .
<http://ex.org/Zürich> <http://ex.org/to> <http://ex.org/Zürich/(a,b)'s> .
<http://ex.org/Zürich/(a,b)'s> <http://ex.org/to> <http://ex.org/far> .
<http://ex.org/Zürich/(a,b)'s> <{RDFS.label}> "a\rb" .
<http://ex.org/far> <http://ex.org/named> "not said here" .
<http://ex.org/Zürich> <{RDF.type}> <http://ex.org/Town> .
<http://ex.org/Zürich> <{RDF.type}> <http://ex.org/Town> {G2} .
<urn:x-y:z> <{RDF.type}> <http://ex.org/Town> {G2} .
"""


@pytest.fixture(scope="module")
def store() -> ccgkg.dataset.store.Store:
    return ccgkg.open().store


@pytest.fixture(scope="module")
def sizes(store) -> Sizes:
    return measured(store.engine)


def engine_of(nquads: str) -> ox.Store:
    engine = ox.Store()
    engine.load(nquads.encode(), format=ox.RdfFormat.N_QUADS)
    return engine


def foreign_manifest(title: str = "towns.nq") -> Manifest:
    corpus = {"name": "", "title": title, "version": "", "base": ""}
    return Manifest("0" * 64, 12, corpus, dict(DESCRIBING), [], {}, [], [], "")


def graph_of(triples: list[ox.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=serialized(triples, "turtle", DESCRIBING), format="turtle")


def value(graph: rdflib.Graph, subject: rdflib.term.Node, predicate: rdflib.URIRef) -> object:
    (found,) = graph.objects(subject, predicate)
    return found.toPython()


# What a document says


@pytest.fixture(scope="module")
def service(store, sizes) -> rdflib.Graph:
    return graph_of(service_description(store.manifest, sizes, ENDPOINT, RESULT_FORMATS))


@pytest.fixture(scope="module")
def void(store, sizes) -> rdflib.Graph:
    return graph_of(void_description(store.manifest, store.engine, sizes, ENDPOINT))


SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def test_the_service_tells_language_formats_and_no_feature_that_it_lacks(service):
    (endpoint,) = service.subjects(RDF.type, SD.Service)
    assert str(value(service, endpoint, SD.endpoint)) == ENDPOINT
    assert list(service.objects(endpoint, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert set(map(str, service.objects(endpoint, SD.resultFormat))) == set(RESULT_FORMATS.values())
    assert not list(service.objects(None, SD.feature))


def test_the_formats_told_are_those_that_are_given(store, sizes):
    told = graph_of(service_description(store.manifest, sizes, ENDPOINT, ["csv"]))
    (only,) = told.objects(None, SD.resultFormat)
    assert str(only) == "http://www.w3.org/ns/formats/SPARQL_Results_CSV"


def test_the_service_tells_the_size_of_the_default_graph_and_each_named_graph(service, store):
    (whole,) = service.subjects(RDF.type, SD.Dataset)
    default = value(service, whole, SD.defaultGraph)
    counted = sum(1 for _ in store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert value(service, rdflib.URIRef(default), VOID.triples) == counted
    listed = {}
    for graph in service.objects(whole, SD.namedGraph):
        content = rdflib.URIRef(value(service, graph, SD.graph))
        listed[str(value(service, graph, SD.name))] = value(service, content, VOID.triples)
    named = (q.graph_name for q in store.engine if isinstance(q.graph_name, ox.NamedNode))
    assert listed == Counter(name.value for name in named)
    assert len(listed) > 20


def test_thousands_of_named_graphs_are_counted_and_not_listed(store):
    many = Sizes(5, {}, {}, 0, {f"http://ex.org/{number}": 2 for number in range(4000)})
    told = graph_of(service_description(foreign_manifest(), many, ENDPOINT, ["json"]))
    assert not list(told.objects(None, SD.namedGraph))
    (collection,) = told.subjects(RDF.type, SD.GraphCollection)
    comment = value(told, collection, RDFS.comment)
    assert comment.startswith("4000 named graphs, 8000 triples in them")
    assert len(told) < 40


def test_the_dataset_is_told_as_it_tells_itself_with_its_size_as_it_is_served(void, store):
    whole = rdflib.URIRef(f"{BASE}dataset")
    assert value(void, whole, DCTERMS.title) == store.manifest.corpus["title"]
    assert value(void, whole, DCAT_VERSION) == store.manifest.corpus["version"]
    assert "creativecommons.org" in str(value(void, whole, DCTERMS.license))
    assert (
        value(void, whole, DCTERMS.publisher)
        == store.objects(str(whole), str(DCTERMS.publisher)).pop()
    )
    triples = {quad.triple for quad in store.engine}
    assert value(void, whole, VOID.triples) == len(triples)
    assert value(void, whole, VOID.properties) == len({t.predicate for t in triples})
    assert str(value(void, whole, VOID.sparqlEndpoint)) == ENDPOINT
    assert not list(void.objects(whole, VOID.dataDump))
    assert rdflib.URIRef(f"{BASE}ns/") in set(void.objects(whole, VOID.vocabulary))


def test_the_digest_of_the_dataset_is_told(void, store):
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    (checksum,) = void.objects(None, spdx.checksumValue)
    assert str(checksum) == store.manifest.digest


def test_a_dump_is_told_where_there_is_one(store, sizes):
    dump = "http://127.0.0.1:8000/dataset.nq"
    told = graph_of(void_description(store.manifest, store.engine, sizes, ENDPOINT, dump))
    assert [str(each) for each in told.objects(None, VOID.dataDump)] == [dump]
    assert [str(each) for each in told.objects(None, DCAT.downloadURL)] == [dump]


@pytest.mark.parametrize(
    ("part", "term", "count", "query"),
    [
        ("classPartition", "class", "entities", "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t }"),
        ("propertyPartition", "property", "triples", "SELECT ?t (COUNT(*) AS ?n) { ?s ?t ?o }"),
    ],
)
def test_the_partitions_say_what_a_query_counts(void, store, part, term, count, query):
    told = {
        str(value(void, each, VOID[term])): value(void, each, VOID[count])
        for each in void.objects(None, VOID[part])
    }
    rows = store.rows(f"{query} GROUP BY ?t")
    assert told == {what.text: int(n.text) for what, n in rows}


def test_documents_have_no_blank_nodes_and_every_part_is_led_to(service, void):
    for graph in (service, void):
        assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
        subjects, pointed = set(graph.subjects()), set(graph.objects())
        heads = {rdflib.URIRef(f"{ENDPOINT}#service")}
        heads.add(rdflib.URIRef("http://127.0.0.1:8000/.well-known/void"))
        assert subjects - pointed <= heads


DCAT_VERSION = rdflib.URIRef(f"{DCAT}version")
IN_LATER = defaultdict(list, {"dcat": ["version"]})  # of DCAT 3: rdflib has an earlier one
DECLARED = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SDO,
    "sh": SH,
    "void": VOID,
}
# Not in rdflib: as the W3C and SPDX publish them.
WORDS = {
    "sd": {
        *("Service", "Dataset", "Graph", "NamedGraph", "GraphCollection", "SPARQL11Query"),
        *("endpoint", "supportedLanguage", "resultFormat", "feature", "defaultDataset"),
        *("availableGraphs", "defaultEntailmentRegime", "defaultGraph", "namedGraph", "name"),
        "graph",
    },
    "spdx": {
        *("Checksum", "checksum", "algorithm", "checksumValue", "checksumAlgorithm_sha256"),
    },
}


def terms_in(graph: rdflib.Graph) -> set[str]:
    """The IRIs that a document uses, but for the terms that it counts."""
    counting = (VOID["class"], VOID.property, VOID.vocabulary, SH.namespace)
    counted = {term for how in counting for term in graph.objects(None, how)}
    used = {*graph.predicates(), *set(graph.objects()) - counted}
    return {str(term) for term in used if isinstance(term, rdflib.URIRef)}


@pytest.mark.parametrize("prefix", [*DECLARED, *WORDS])
def test_every_term_is_one_that_its_vocabulary_declares(service, void, shown, prefix):
    namespace = DESCRIBING[prefix]
    used = {term for graph in (service, void, shown) for term in terms_in(graph)}
    ours = {term.removeprefix(namespace) for term in used if term.startswith(namespace)}
    assert ours
    if prefix in WORDS:
        assert ours <= WORDS[prefix]
    else:
        own = DECLARED[prefix]
        assert [n for n in ours if rdflib.URIRef(namespace + n) not in own] == IN_LATER[prefix]


# Examples


@pytest.fixture(scope="module")
def shown(store) -> rdflib.Graph:
    return graph_of(sparql_examples(examples(store).shown, ENDPOINT, store.manifest.prefixes))


def test_every_named_query_is_an_example_that_answers_within_a_second(store):
    made = examples(store)
    assert made.left_out == {}
    assert [each.name for each in made.shown] == [q["name"] for q in store.manifest.queries]
    for example in made.shown:
        began = time.perf_counter()
        assert not store.ask(example.text).found_nothing(), example.name
        assert time.perf_counter() - began < 1, example.name


def test_an_example_declares_its_own_prefixes_and_has_no_header(store):
    for example in examples(store).shown:
        list(ox.Store().query(example.text))  # no prefix is given: an undeclared one is an error
        assert "#+" not in example.text
        assert not re.search(r"\?_\w+_(iri|integer)", example.text)


def test_the_question_of_an_example_names_the_values_for_which_it_is_asked(store):
    asked = {each.name: each.question for each in examples(store).shown}
    assert asked["about"].endswith("(thing: CCGs)")
    assert re.search(r"\(from: 20\d\d; to: 20\d\d\)$", asked["when"])
    assert asked["tensions"] == store.manifest.query("tensions")["summary"]


def test_a_query_without_any_answer_is_left_out_with_the_reason(store):
    header = {**store.manifest.query("about"), "name": "special"}
    header["parameters"] = {"thing": "iri", "on": "date"}
    other = ccgkg.dataset.store.Store(
        store.manifest._replace(queries=[header]), store.nquads, store.folder
    )
    made = examples(other)
    assert made.shown == []
    assert "thing (iri), on (date)" in made.left_out["special"]


def test_examples_are_found_as_their_readers_look_for_them(shown, store):
    """The two queries of the SIB's editor: for the prefixes, and for the examples."""
    prefixes = shown.query(
        "SELECT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"
    )
    told = {str(prefix): str(namespace) for prefix, namespace in prefixes}
    assert told == store.manifest.prefixes
    rows = shown.query(
        "SELECT DISTINCT ?comment ?text ?target { ?sq a sh:SPARQLExecutable ; "
        "rdfs:comment ?comment ; schema:target ?target ; sh:select|sh:ask|sh:construct ?text }",
        initNs={"schema": "https://schema.org/", "sh": SH, "rdfs": RDFS},
    )
    assert len(rows) == len(store.manifest.queries)
    for comment, text, target in rows:
        assert comment.language == "en"
        assert form(text) == "SELECT"
        assert str(target) == ENDPOINT


@pytest.mark.parametrize(
    ("kind", "text", "space"),
    [
        ("ASK", "ASK {}", str(SH)),
        ("CONSTRUCT", "CONSTRUCT WHERE { ?s ?p ?o }", str(SH)),
        (
            "DESCRIBE",
            "DESCRIBE ?s { ?s ?p ?o }",
            "https://purl.expasy.org/sparql-examples/ontology#",
        ),
    ],
)
def test_an_example_of_each_form(kind, text, space):
    assert form(text) == kind
    told = graph_of(sparql_examples([Example("x", "q?", "", (), kind, text)], ENDPOINT, {}))
    (example,) = told.subjects(RDF.type, SH.SPARQLExecutable)
    name = f"SPARQL{kind.capitalize()}Executable"
    assert rdflib.URIRef(space + name) in set(told.objects(example, RDF.type))
    assert str(value(told, example, rdflib.URIRef(space + kind.lower()))) == text


# About one thing


def owner(iri: str) -> str:
    """The thing of the corpus to which an address belongs."""
    if "/alternatives/" in iri:  # lies below a source and hangs on the claims that share it
        return iri
    kind, *path = iri.removeprefix(BASE).split("/")
    return f"{BASE}{'/'.join([kind, *path[: 2 if kind == 'claim' else 1]])}"


def test_everything_below_a_thing_is_said_with_it(store):
    """Every subject at an address below a thing is reached, by walking, from that thing."""
    kinds = ("claim", "actor", "source", "work", "wave", "issue", "topic", "measure", "time")
    subjects = {quad.subject.value for quad in store.engine}
    parts = {s for s in subjects if s.startswith(tuple(f"{BASE}{kind}/" for kind in kinds))}
    reached: set[str] = set()
    for thing in {owner(part) for part in parts}:
        reached |= {quad.subject.value for quad in about(store.engine, thing, BASE)}
    assert len(reached) > 2000
    assert parts - reached == set()


def test_a_claim_brings_its_passages_links_graph_and_the_names_it_points_at(store):
    said = about(store.engine, STATING, BASE)
    subjects = {quad.subject.value.removeprefix(STATING) for quad in said}
    assert {"", "/link/1", "/passage/1", "/passage/1/target/1/quote"} <= subjects
    graph = [quad for quad in said if quad.graph_name == ox.NamedNode(STATING)]
    assert graph == list(store.engine.quads_for_pattern(None, None, None, ox.NamedNode(STATING)))
    assert graph
    named = {quad.subject for quad in said if quad.predicate.value == str(RDFS.label)}
    for relation in (RDF.subject, RDF.object):
        for end in store.objects(STATING, str(relation)):
            assert ox.NamedNode(end) in named
    assert len(said) == len(set(said)) < 200


def test_the_neighbour_whose_address_begins_alike_is_another_thing(store):
    said = about(store.engine, f"{BASE}actor/ccg", BASE)
    assert said == []
    gps = {quad.subject.value for quad in about(store.engine, f"{BASE}actor/gps", BASE)}
    assert f"{BASE}actor/gps" in gps
    kinds = {quad.predicate.value for quad in about(store.engine, f"{BASE}actor/gps", BASE)}
    others = [
        quad
        for quad in about(store.engine, f"{BASE}actor/gps", BASE)
        if quad.subject.value.startswith(f"{BASE}actor/gps-")
    ]
    assert {quad.predicate.value for quad in others} <= {str(RDFS.label), str(SKOS.prefLabel)}
    assert len(kinds) > 5


class Counting:
    """A dataset that counts what is read of it."""

    def __init__(self, engine: ox.Store) -> None:
        self.engine, self.read, self.open = engine, 0, 0

    def quads_for_pattern(self, *pattern):
        self.open += all(term is None for term in (pattern[0], pattern[2], pattern[3]))
        for quad in self.engine.quads_for_pattern(*pattern):
            self.read += 1
            yield quad


@pytest.mark.parametrize("iri", [CLAIM, STATING, f"{BASE}actor/ccgs", f"{BASE}source/pulse-2016"])
def test_only_the_neighbourhood_of_a_thing_is_read(store, iri):
    counting = Counting(store.engine)
    said = about(counting, iri, BASE)
    assert counting.open == 0
    assert counting.read < 2 * len(said) + 400 < store.manifest.quads / 10


def test_a_class_does_not_bring_its_members(store):
    counting = Counting(store.engine)
    about(counting, f"{BASE}ns/Claim", BASE)
    assert counting.read < 60


def test_what_is_no_iri_is_refused_and_what_is_unknown_is_nothing(store):
    assert about(store.engine, "http://ex.org/nobody", "") == []
    with pytest.raises(ValueError, match="IRI"):
        about(store.engine, "no iri", "")


# Bytes


def default_triples(quads: list[ox.Quad]) -> rdflib.Graph:
    """All triples of quads, as rdflib reads the N-Triples that the engine wrote."""
    return rdflib.Graph().parse(
        data=ox.serialize({q.triple for q in quads}, format=ox.RdfFormat.N_TRIPLES), format="nt"
    )


RDFLIB = {
    "jsonld": "json-ld",
    "nquads": "nquads",
    "ntriples": "nt",
    "rdfxml": "xml",
    "trig": "trig",
    "turtle": "turtle",
}


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize("iri", [CLAIM, STATING, f"{BASE}source/pulse-2016"])
def test_what_is_said_of_a_thing_is_read_back_from_each_format(store, format, iri):
    quads = about(store.engine, iri, BASE)
    content = serialized(quads, format, store.manifest.prefixes)
    if not FORMATS[format].supports_datasets:
        assert isomorphic(
            rdflib.Graph().parse(data=content, format=RDFLIB[format]), default_triples(quads)
        )
        return
    read = rdflib.Dataset()
    read.parse(data=content, format=RDFLIB[format])
    for name in {quad.graph_name for quad in quads}:
        own = [quad for quad in quads if quad.graph_name == name]
        graph = read.graph(name.value) if isinstance(name, ox.NamedNode) else read.default_graph
        assert isomorphic(graph, default_triples(own)), name
    assert len({quad.graph_name for quad in quads}) == (2 if iri == STATING else 1)


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_order_in_which_statements_come_does_not_show(store, format):
    quads = about(store.engine, CLAIM, BASE)
    once = serialized(quads, format, store.manifest.prefixes)
    assert serialized([*reversed(quads), *quads], format, store.manifest.prefixes) == once


@pytest.mark.parametrize("format", ["trig", "turtle"])
def test_the_prefixes_declared_are_those_used(store, format):
    content = serialized(about(store.engine, STATING, BASE), format, store.manifest.prefixes)
    head, body = [], []
    for line in content.decode().splitlines():
        (head if line.startswith("@prefix") else body).append(line)
    told = re.sub(r"\"(?:[^\"\\]|\\.)*\"|<[^>]*>", "", "\n".join(body))
    declared = {line.split()[1].removesuffix(":") for line in head}
    assert declared == set(re.findall(r"([\w-]+):", told))
    assert {"ccg", "oa", "prov"} <= declared < set(store.manifest.prefixes)


def test_a_triple_of_two_graphs_is_one_where_there_are_no_graphs(store):
    quads = about(store.engine, f"{BASE}actor/area-teams", BASE)
    lines = serialized(quads, "ntriples", {}).splitlines()
    assert len(lines) == len(set(lines)) == len({quad.triple for quad in quads}) < len(quads)


def test_a_thing_comes_before_its_parts_and_its_class_before_all_else(store):
    content = serialized(about(store.engine, CLAIM, BASE), "turtle", {}).decode()
    assert content.index(f"\n<{CLAIM}> a ") < content.index(f"\n<{CLAIM}/figure>")


@pytest.mark.parametrize(
    ("property", "said", "why"),
    [
        ("http://ex.org/p/1", "plain", "http://ex.org/p/1"),
        ("http://ex.org/p(x)", "plain", "name of an XML element"),
        ("http://ex.org/😀", "plain", "name of an XML element"),
        ("http://ex.org/named", "a\x01b", "character that XML cannot hold"),
    ],
)
def test_what_xml_cannot_hold_is_refused_and_not_lost(property, said, why):
    thing = ox.NamedNode("http://ex.org/a")
    triple = ox.Triple(thing, ox.NamedNode(property), ox.Literal(said))
    with pytest.raises(QueryError, match=re.escape(why)):
        serialized([triple], "rdfxml", {})
    for format in sorted(set(FORMATS) - {"rdfxml"}):
        assert serialized([triple], format, {})


@pytest.mark.parametrize(
    "property",
    [
        "http://ex.org/é",
        "http://ex.org/1a",
        "urn:x:y",
        "http://ex.org/a.b-c",
        "http://ex.org/a%20b",
    ],
)
def test_what_xml_can_hold_is_read_back(property):
    thing = ox.NamedNode("http://ex.org/a?b=1&c='2'")
    triple = ox.Triple(thing, ox.NamedNode(property), ox.Literal("a\r\nb <&> \t"))
    read = rdflib.Graph().parse(data=serialized([triple], "rdfxml", {}), format="xml")
    ((subject, predicate, said),) = read
    assert (str(subject), str(predicate), str(said)) == (thing.value, property, triple.object.value)


# Datasets that are not ours


def test_a_foreign_dataset_is_measured_over_all_its_graphs():
    sizes = measured(engine_of(FOREIGN))
    assert sizes.default == 6
    assert sizes.triples == 11  # the Town of the default graph is also in a named one
    assert sizes.classes == {"http://ex.org/Town": 2}
    assert sizes.entities == 2
    assert sizes.graphs == {"http://ex.org/g?a=1&b=2": 4, "http://ex.org/g2": 2}
    assert sizes.properties["http://ex.org/named"] == 3


def test_a_foreign_dataset_is_described_without_inventing_anything():
    engine = engine_of(FOREIGN)
    sizes = measured(engine)
    void = graph_of(void_description(foreign_manifest(), engine, sizes, ENDPOINT))
    whole = rdflib.URIRef("http://127.0.0.1:8000/.well-known/void#dataset")
    assert value(void, whole, DCTERMS.title) == "towns.nq"
    assert value(void, whole, VOID.triples) == 11
    assert value(void, whole, VOID.entities) == 2
    for unsaid in (DCTERMS.license, DCTERMS.publisher, DCAT_VERSION, VOID.uriSpace):
        assert not list(void.objects(whole, unsaid))
    service = graph_of(service_description(foreign_manifest(""), sizes, ENDPOINT, ["json"]))
    assert set(service.objects(None, SD.name)) == {rdflib.URIRef(each) for each in sizes.graphs}
    assert not list(service.objects(None, DCTERMS.title))


def test_a_thing_of_a_foreign_dataset_brings_its_blank_nodes_and_no_neighbour():
    said = about(engine_of(FOREIGN), "http://ex.org/Zürich", "")
    assert {"deep"} <= {q.object.value for q in said if isinstance(q.object, ox.Literal)}
    named = {q.subject.value for q in said if isinstance(q.subject, ox.NamedNode)}
    assert named == {"http://ex.org/Zürich", "http://ex.org/Zürich/(a,b)'s"}
    of_the_neighbour = [q for q in said if q.subject.value.endswith("'s")]
    assert [q.predicate.value for q in of_the_neighbour] == [str(RDFS.label)]
    assert len(said) == 9


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"rdfxml"}))
def test_a_foreign_thing_is_read_back_from_each_format(format):
    said = about(engine_of(FOREIGN), "http://ex.org/Zürich", "")
    read = rdflib.Dataset()
    read.parse(data=serialized(said, format, DESCRIBING), format=RDFLIB[format])
    together = rdflib.Graph()
    for subject, predicate, term, _ in read.quads():
        together.add((subject, predicate, term))
    assert to_isomorphic(together) == to_isomorphic(default_triples(said))


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_nothing_is_a_document_too(format):
    graph = rdflib.Dataset()
    graph.parse(data=serialized([], format, DESCRIBING), format=RDFLIB[format])
    assert len(graph) == 0


def test_one_triple_is_a_dataset():
    engine = engine_of("<urn:a:a> <urn:a:b> <urn:a:c> .\n")
    sizes = measured(engine)
    assert (sizes.default, sizes.triples, sizes.entities, sizes.graphs) == (1, 1, 0, {})
    void = graph_of(void_description(foreign_manifest(), engine, sizes, ENDPOINT))
    assert [n.toPython() for n in void.objects(None, VOID.classes)] == [0]
    assert [str(v) for v in void.objects(None, VOID.vocabulary)] == ["urn:a:"]
    service = graph_of(service_description(foreign_manifest(), sizes, ENDPOINT, ["json"]))
    (comment,) = service.objects(None, RDFS.comment)
    assert str(comment) == "0 named graphs, 0 triples in them"
    assert len(about(engine, "urn:a:a", "")) == 1
