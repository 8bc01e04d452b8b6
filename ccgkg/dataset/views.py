"""The views: what the pages show beside the claims, as a build leaves it for them.

The text of a source and the curation around it are no part of the dataset, and the pages read no
YAML: a build writes what they need as one JSON file into the cache, beside the dataset. Offsets
are code points, half open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ccgkg.corpus.coverage import Coverage
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.sources import Source
from ccgkg.corpus.views import SceneForm, TermForm

__all__ = ["source_view", "views_of", "written"]

_DESCRIBED = ("title", "description", "licence", "publisher", "language")


def views_of(corpus: Corpus, sources: Mapping[str, Any]) -> dict[str, Any]:
    """The views of a corpus, as `Store.views` gives them back.

    Args:
        corpus: map, story and glossary.
        sources: what is shown of each source, by key.
    """
    views = corpus.views
    return {
        "corpus": {name: getattr(corpus.form, name) for name in _DESCRIBED},
        "map": {
            "bands": [{"label": b.label, "tiers": list(b.tiers)} for b in views.map.bands],
            "places": {key: list(spot) for key, spot in sorted(views.map.places.items())},
        },
        "story": [_scene(key, scene) for key, scene in views.story.items()],
        "glossary": [_term(term, form) for term, form in views.glossary.items()],
        "sources": dict(sorted(sources.items())),
    }


def source_view(source: Source, covered: Coverage) -> dict[str, Any]:
    """What pages show of a source beside its claims."""
    return {
        "path": str((source.folder / "source.txt").absolute()),
        "sha256": source.text.digest,
        "rights": source.form.rights,
        "regions": [
            {"id": r.id, "kind": r.kind, "start": r.span.start, "end": r.span.end}
            for r in source.regions
        ],
        "sentences": [[sentence.start, sentence.end] for sentence in source.sentences],
        "unclaimed": [
            {"start": sentence.start, "end": sentence.end, "reason": reason}
            for sentence, reason in covered.unclaimed.items()
        ],
    }


def written(views: Mapping[str, Any]) -> bytes:
    """The views as JSON; the same views give the same bytes."""
    return json.dumps(views, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _scene(key: str, scene: SceneForm) -> dict[str, Any]:
    return {
        "id": key,
        "title": scene.title,
        "lens": scene.lens,
        "focus": scene.focus,
        "claim": scene.claim,
        "caption": [{"says": s.says, "claims": list(s.claims)} for s in scene.caption],
    }


def _term(term: str, form: TermForm) -> dict[str, Any]:
    return {
        "term": term,
        "stands_for": form.stands_for,
        "means": form.means,
        "thing": form.thing,
        "known": form.basis,
        "because": list(form.reasons),
    }
