"""The shipped dataset as the compiler makes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ccgkg.corpus.places import corpus_at
from ccgkg.dataset.compiling import compile_corpus
from ccgkg.dataset.merging import write_merged


@dataclass(frozen=True)
class Canonical:
    """The canonical artefact: its bytes, how many quads, its SHA-256."""

    nquads: bytes
    quads: int
    digest: str


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Canonical:
    folder: Path = tmp_path_factory.mktemp("parts")
    target = folder / "dataset"
    digest, quads = write_merged(compile_corpus(corpus_at(None), folder).parts, target)
    return Canonical(target.read_bytes(), quads, digest)
