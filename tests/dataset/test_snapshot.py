"""A snapshot answers as the store does, whether the dataset is in memory or a RocksDB folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccgkg.dataset.opening import open_store
from ccgkg.dataset.prefixes import CCG, OA, RDF, RDFS
from ccgkg.dataset.snapshot import Snapshot
from ccgkg.dataset.store import Store
from ccgkg.errors import NotBuildable


@pytest.fixture(scope="module", params=["in memory", "in a folder"])
def store(request, tmp_path_factory) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in a folder":
            patch.setattr("ccgkg.dataset.cache.MEMORY_QUADS", 0)
        opened = open_store(None, tmp_path_factory.mktemp("snapshot"))
    assert (opened.folder is not None) == (request.param == "in a folder")
    return opened


@pytest.mark.parametrize("kind", ["Claim", "Actor", "ChainLink", "Source", "Figure"])
def test_it_says_of_everything_what_the_store_says(store: Store, kind):
    snapshot = Snapshot(store)
    members = store.subjects(RDF + "type", CCG + kind)
    assert members == snapshot.of_class(CCG + kind) != []
    for iri in members:
        for predicate in (RDF + "type", RDFS + "label", CCG + "source", CCG + "step", CCG + "kind"):
            assert snapshot.objects(iri, predicate) == store.objects(iri, predicate)
        assert snapshot.subjects(OA + "hasBody", iri) == store.subjects(OA + "hasBody", iri)


def test_what_is_no_thing_of_the_dataset_is_words(store: Store):
    snapshot = Snapshot(store)
    nowhere = "https://example.org/nobody"
    assert not snapshot.is_described(nowhere)
    assert (snapshot.label(nowhere), snapshot.one(nowhere, RDFS + "label")) == (nowhere, "")
    assert snapshot.is_described(store.manifest.corpus["base"] + "actor/ccgs")


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ccgkg.dataset.cache.MEMORY_QUADS", 0)
    store = open_store(None, tmp_path)
    store.nquads.write_text("no quads at all\n", encoding="utf-8")
    with pytest.raises(NotBuildable, match="is damaged"):
        Snapshot(store).of_class(CCG + "Claim")
