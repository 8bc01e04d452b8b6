"""Opening a corpus: build its dataset if there is none or an input changed, then ask it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ccgkg.corpus.places import CorpusPlace, corpus_at
from ccgkg.dataset.cache import Cache, Manifest, cache_root, is_current, stamps

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ccgkg.dataset.store import Store

__all__ = ["build", "open_store"]

Talk = Callable[[str], None]


def open_store(folder: Path | None, cache: Path | None, talk: Talk = lambda _: None) -> Store:
    """The store of a corpus, built first where that is needed.

    Args:
        folder: the corpus; None for the shipped one.
        cache: the cache folder; None for the user's own.
        talk: told when a build is needed.
    """
    from ccgkg.dataset.store import Store

    place = corpus_at(folder)
    kept = Cache.of(place, cache_root(cache))
    manifest = kept.manifest()
    gone = manifest is not None and not kept.nquads(manifest.digest).is_file()
    if manifest is None or gone or not is_current(manifest, place):
        why = "none yet" if manifest is None else "it is gone" if gone else "an input changed"
        talk(f"building the dataset ({why}) …")
        manifest = build(place, kept)
    return Store.at(kept, manifest)


def build(
    place: CorpusPlace,
    cache: Cache,
    progress: Talk = lambda _: None,
    *,
    executor: Executor | None = None,
    shards: Path | None = None,
) -> Manifest:
    """Compile a corpus and put its dataset in force.

    Args:
        place: where the corpus lies.
        cache: where its dataset will lie.
        progress: told what is being done.
        executor: compiles the sources; left out, this process does.
        shards: a folder that is given the parts of the dataset, a file for each source.

    Raises:
        BadInput: the corpus has errors; the earlier dataset stays in force.
        NotBuildable: the cache or the shards cannot be written, or a process was killed.
        UsageError: `shards` holds N-Quads of something else.
    """
    # pydantic, YAML and pySHACL: only a build pays for them.
    import hashlib

    from ccgkg.dataset.compiling import compile_corpus, part_names, refuse
    from ccgkg.dataset.merging import write_merged
    from ccgkg.dataset.partfiles import deliver, drafts, refuse_others
    from ccgkg.dataset.views import written

    if shards is not None:
        refuse_others(shards, part_names(place))
    before = cache.manifest()
    inputs = stamps(place)
    with drafts(cache.folder) as desk, drafts(shards or cache.folder) as parts:
        compiled = compile_corpus(place, parts, progress, executor)
        refuse(compiled)
        draft = desk / "dataset.nq"
        digest, quads = write_merged(compiled.parts, draft)
        views = written(compiled.views)
        manifest = Manifest(
            digest=digest,
            quads=quads,
            corpus={
                "name": compiled.form.name,
                "title": compiled.form.title,
                "version": compiled.form.version,
                "base": compiled.form.base,
            },
            prefixes=compiled.prefixes,
            queries=[query.to_json() for query in compiled.queries],
            inputs=inputs,
            table=compiled.table,
            warnings=[str(finding) for finding in compiled.warnings],
            views=hashlib.sha256(views).hexdigest(),
        )
        if before is not None:
            same = before.digest == manifest.digest
            manifest = manifest._replace(previous=before.previous if same else before.digest)
        cache.install(manifest, draft, views)
        if shards is not None:
            deliver(compiled.parts, shards)
    return manifest
