"""Opening a corpus: build its dataset if there is none or an input changed, then ask it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgkg.corpus.places import CorpusPlace, corpus_at
from ccgkg.dataset.cache import Cache, Manifest, cache_root, is_current, stamps

if TYPE_CHECKING:
    from ccgkg.dataset.compiling import Compiled
    from ccgkg.dataset.store import Store

__all__ = ["build", "coverage_rows", "open_store"]

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


def build(place: CorpusPlace, cache: Cache, progress: Talk = lambda _: None) -> Manifest:
    """Compile a corpus and put its dataset in force.

    Raises:
        BadInput: the corpus has errors; the earlier dataset stays in force.
        NotBuildable: the cache cannot be written.
    """
    # pydantic, YAML and pySHACL: only a build pays for them.
    import hashlib

    from ccgkg.dataset.compiling import compile_corpus, refuse
    from ccgkg.dataset.views import views_of, written

    before = cache.manifest()
    inputs = stamps(place)
    compiled = compile_corpus(place, progress)
    refuse(compiled)
    views = written(views_of(compiled.corpus))
    manifest = Manifest(
        digest=compiled.digest,
        quads=compiled.quads,
        corpus={
            "name": compiled.corpus.form.name,
            "title": compiled.corpus.form.title,
            "version": compiled.corpus.form.version,
            "base": compiled.corpus.form.base,
        },
        prefixes=compiled.prefixes,
        queries=[query.to_json() for query in compiled.queries],
        inputs=inputs,
        table=coverage_rows(compiled),
        warnings=[str(finding) for finding in compiled.warnings],
        views=hashlib.sha256(views).hexdigest(),
    )
    if before is not None:
        same = before.digest == manifest.digest
        manifest = manifest._replace(previous=before.previous if same else before.digest)
    cache.install(manifest, compiled.nquads, views)
    return manifest


def coverage_rows(compiled: Compiled) -> list[dict[str, Any]]:
    """One row per source: sentences, coverage, claims and verdicts."""
    corpus = compiled.corpus
    rows = []
    for key, source in corpus.sources.items():
        covered = corpus.coverage[key]
        reading = corpus.readings.get(key)
        claims = reading.claims if reading else ()
        verdicts = [passage.verdict for claim in claims for passage in claim.passages]
        rows.append(
            {
                "source": key,
                "curated": reading is not None,
                "sentences": covered.sentences,
                "claimed": covered.claimed,
                "declared": sum(covered.declared.values()),
                "open": len(covered.open),
                "outside": covered.outside,
                "no_claim": covered.no_claim,
                "claims": len(claims),
                "exact": verdicts.count("exact"),
                "folded": verdicts.count("folded"),
                "findings": sum(
                    finding.path.startswith(f"seeds/{source.folder.name}/")
                    for finding in compiled.findings
                ),
            }
        )
    return rows
