"""Holding: a dataset's files in a folder of its own, for a process that stays.

A build sweeps what is old out of the cache; whoever serves a dataset for days, and opens it
again whenever a worker is replaced, links its files into a folder that nobody sweeps.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from ccgkg.dataset.cache import MEMORY_QUADS, Cache, Manifest
from ccgkg.dataset.prefixes import CCG, STANDARD, prefixes
from ccgkg.dataset.store import Store
from ccgkg.errors import BadInput, NotBuildable, UsageError

__all__ = ["hold", "hold_file"]

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}


def hold(store: Store, folder: Path) -> Store:
    """The same dataset, in a folder.

    Raises:
        NotBuildable: its files are gone, or the folder cannot be written.
    """
    manifest, source, cache = store.manifest, Cache(store.nquads.parent), Cache(folder)
    try:
        _link(source.nquads(manifest.digest), cache.nquads(manifest.digest))
        _link(source.views(manifest.views), cache.views(manifest.views))
        if store.folder is not None:
            shutil.copytree(store.folder, cache.store(manifest.digest), copy_function=_link)
    except OSError as error:
        raise NotBuildable(
            f"{error.filename}: cannot be held: {error.strerror}", hint="Try again: ccgkg serve"
        ) from None
    return Store.at(cache, manifest)


def _link(source: str | Path, target: str | Path) -> None:
    """A second name for a file, or a copy where the file system gives none."""
    with suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)


def hold_file(path: Path, folder: Path) -> Store:
    """The dataset of a file of N-Quads or TriG, also compressed, in a folder.

    Raises:
        UsageError: there is no such file, or it is of another kind.
        BadInput: it is broken, with its line.
        NotBuildable: the folder cannot be written.
    """
    inner = path.with_suffix("") if path.suffix == ".gz" else path
    format = _FORMATS.get(inner.suffix)
    if format is None:
        raise UsageError(
            f"{path}: is neither N-Quads nor TriG by its name",
            hint="Such a file ends in .nq or .trig, or in .nq.gz or .trig.gz.",
        )
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    draft = folder / "draft.nq"
    try:
        with draft.open("wb") as out, _opened(path) as file:
            quads = ox.parse(file, format=format, base_iri=path.resolve().as_uri())
            ox.serialize(quads, output=out, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise BadInput(f"{path}:{error.lineno or 1}: is broken: {error.msg}") from None
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise NotBuildable(f"{path}: cannot be read: {error}") from None
    return _installed(draft, folder, path.name)


def _opened(path: Path) -> IO[bytes]:
    opened = gzip.open if path.suffix == ".gz" else open
    return cast("IO[bytes]", opened(path, "rb"))


def _installed(draft: Path, folder: Path, name: str) -> Store:
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    cache = Cache(folder)
    draft.rename(cache.nquads(digest))
    manifest = Manifest(
        digest=digest,
        quads=_size(cache, digest),
        corpus={"name": name, "title": name, "version": "", "base": ""},
        prefixes=dict(STANDARD),
        queries=[],
        inputs={},
        table=[],
        warnings=[],
        views="",
    )
    return _based(Store.at(cache, manifest))


def _based(store: Store) -> Store:
    """The same store with the base IRI of its corpus, if it is the export of one."""
    manifest = store.manifest
    spaces = store.rows(
        "SELECT DISTINCT ?space ?title WHERE { ?d a void:Dataset ; void:uriSpace ?space ; "
        "dcterms:title ?title . FILTER(STR(?d) = CONCAT(?space, 'dataset')) } LIMIT 2"
    )
    if len(spaces) != 1:
        return store
    ((base, title),) = spaces
    assert base is not None
    assert title is not None
    corpus = {**manifest.corpus, "title": title.text, "base": base.text}
    own = {"ccg": CCG} if store.known([f"{CCG}Claim"]) else {}
    held = manifest._replace(corpus=corpus, prefixes=prefixes(base.text, own))
    return Store(held, store.nquads, store.folder)


def _size(cache: Cache, digest: str) -> int:
    """How many quads there are, each counted once; a large dataset gets its RocksDB folder."""
    nquads = cache.nquads(digest)
    with nquads.open("rb") as file:
        large = sum(1 for _ in file) > MEMORY_QUADS
    if large:
        cache.build_store(digest)
        return len(ox.Store.read_only(str(cache.store(digest))))
    store = ox.Store()
    store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    return len(store)
