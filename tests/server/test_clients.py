"""Clients that people use work against it: none of them is ours."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from server.serving import Server, serving

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a ?t }"
FEW = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o LIMIT 3"
BUILT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5"


@pytest.fixture(scope="module")
def number(server: Server) -> int:
    """What `COUNT` answers, read by hand."""
    return int(server.ask(COUNT).json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("way", ["urlencoded", "postdirectly"])
def test_sparqlwrapper(method: str, way: str, server: Server, number: int):
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    client.setMethod(method)
    client.setRequestMethod(way)
    for form in (wrapper.JSON, wrapper.XML, wrapper.CSV, wrapper.TSV):
        client.setReturnFormat(form)
        client.setQuery(COUNT)
        found = client.queryAndConvert()
        if form == wrapper.JSON:
            assert int(found["results"]["bindings"][0]["n"]["value"]) == number
        elif form == wrapper.XML:
            assert f">{number}<" in found.toxml()
        else:
            assert str(number) in found.decode()
    client.setReturnFormat(wrapper.JSON)
    client.setQuery("ASK {}")
    assert client.queryAndConvert()["boolean"] is True
    for form in (wrapper.TURTLE, wrapper.N3, wrapper.RDFXML, wrapper.JSONLD):
        client.setReturnFormat(form)
        client.setQuery(BUILT)
        found = client.queryAndConvert()
        assert len(found) > 5 or len(list(found)) == 5, "a graph of five triples, or its bytes"
    client.setQuery("SELECT nonsense")
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


def test_rdflib_sparqlstore(server: Server, number: int):
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    for method in ("GET", "POST", "POST_FORM"):
        for form in ("xml", "json", "csv"):
            store = SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=form)
            graph = rdflib.Graph(store)
            (row,) = graph.query(COUNT)
            assert int(row[0]) == number
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
    (one, *_) = graph.query(FEW)
    label = rdflib.RDFS.label
    assert (one[0], label, None) in graph
    assert one[1] in set(graph.objects(one[0], label))
    assert len(graph.query(BUILT).graph) == 5
    assert graph.query("ASK {}").askAnswer is True
    dataset = rdflib.Dataset(SPARQLStore(f"{server.url}/sparql"), default_union=True)
    name = next(iter(dataset.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1")))[0]
    one_graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"), identifier=name)
    assert len(list(one_graph.triples((None, None, None)))) > 0


def test_rdflib_federates_to_it(server: Server, number: int):
    """`SERVICE` with this server as the remote one."""
    import rdflib

    query = (
        f"SELECT ?n {{ SERVICE <{server.url}/sparql> {{ SELECT (COUNT(*) AS ?n) {{ ?s a ?t }} }} }}"
    )
    (row,) = rdflib.Graph().query(query)
    assert int(row[0]) == number


@pytest.mark.parametrize("address", ["sparql", "sparql/"])
def test_curl(address: str, server: Server, number: int):
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not on PATH")
    url = f"{server.url}/{address}"

    def curl(*options: str) -> str:
        return subprocess.run(
            [program, "-sS", "--fail", *options], capture_output=True, check=True, text=True
        ).stdout

    for form in (
        curl("-G", url, "--data-urlencode", f"query={COUNT}"),
        curl(url, "--data-urlencode", f"query={COUNT}"),
        curl(url, "-H", "Content-Type: application/sparql-query", "--data-binary", COUNT),
        curl("--compressed", "-G", url, "--data-urlencode", f"query={COUNT}"),
        curl("--http1.0", "-G", url, "--data-urlencode", f"query={COUNT}"),
    ):
        assert int(json.loads(form)["results"]["bindings"][0]["n"]["value"]) == number
    table = curl("-G", url, "-H", "Accept: text/csv", "--data-urlencode", f"query={FEW}")
    assert len(list(csv.reader(table.splitlines()))) == 4
    assert curl("-L", f"{server.url}/claim/holder-2014/nhse-holds-contracts").strip()


def test_pyoxigraph_federates_to_it(server: Server, number: int):
    script = (
        "import sys, pyoxigraph\n"
        "store = pyoxigraph.Store()\n"
        f"query = 'SELECT ?n {{ SERVICE <{server.url}/sparql> "
        "{ SELECT (COUNT(*) AS ?n) { ?s a ?t } } }'\n"
        "print(next(iter(store.query(query)))['n'].value)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == number


def test_python_alone(server: Server, number: int):
    """The standard library, as in a notebook without anything."""
    from urllib.request import Request, urlopen

    body = urlencode({"query": COUNT}).encode()
    with urlopen(Request(f"{server.url}/sparql", body, {"Accept": "text/csv"})) as response:
        assert int(response.read().split()[1]) == number


def test_rdflib_reads_the_pages_of_things(server: Server):
    """Linked data: a parser that asks for RDF gets it, without being told the format."""
    import rdflib

    for path in ("claim/holder-2014/nhse-holds-contracts", "actor/area-teams", ".well-known/void"):
        assert len(rdflib.Graph().parse(f"{server.url}/{path}")) > 3


@pytest.fixture(scope="session")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comunica, out of npm's registry; about a minute, kept by npm for the next time."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not on PATH")
    folder = tmp_path_factory.mktemp("comunica")
    (folder / "package.json").write_text("{}")
    try:
        done = subprocess.run(
            [
                npm,
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "@comunica/query-sparql@4",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not install Comunica in time")
    program = folder / "node_modules" / ".bin" / "comunica-sparql"
    if done.returncode or not program.exists():
        pytest.skip(f"npm did not install Comunica: {done.stderr.strip()[-300:]}")
    return program


@pytest.mark.slow
def test_comunica(comunica: Path, server: Server, number: int):
    def asked(source: str, query: str) -> str:
        done = subprocess.run(
            [comunica, source, query, "-t", "application/sparql-results+json"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    for source in (f"sparql@{server.url}/sparql", f"{server.url}/sparql"):
        found = json.loads(asked(source, COUNT))
        assert int(found["results"]["bindings"][0]["n"]["value"]) == number
    assert len(json.loads(asked(f"sparql@{server.url}/sparql", FEW))["results"]["bindings"]) == 3
    graphs = "SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 2"
    assert len(json.loads(asked(f"sparql@{server.url}/sparql", graphs))["results"]["bindings"]) == 2


@pytest.mark.slow
def test_jena(server: Server, number: int):
    program = shutil.which("rsparql")
    if program is None:
        pytest.skip("Jena's rsparql is not on PATH")
    for form in ("json", "xml", "csv"):
        done = subprocess.run(
            [program, "--service", f"{server.url}/sparql", "--results", form, COUNT],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ,
        )
        assert done.returncode == 0, done.stderr
        assert str(number) in done.stdout


@pytest.mark.slow
def test_what_one_server_tells_another_serves(tmp_path: Path, server: Server):
    """What one server tells of the whole dataset, another serves as it was."""
    everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    told = server.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/n-quads")
    assert told.status == 200
    (tmp_path / "copy.nq").write_bytes(told.body)
    with serving("--dataset", tmp_path / "copy.nq") as copy:
        assert copy.ask(everything, "text/csv").text == server.ask(everything, "text/csv").text
