"""Mirrors: a source that prints the article of another one.

One article printed twice is one set of claims with passages in two sources, never two
confirmations. The claims live in one source; the other's `claims.yaml` says `mirrors:`,
and every passage is found again in its text. A claim that the other printing words
differently is given its words under `renderings`, one that it lacks stands in `absent`.
"""

from __future__ import annotations

from pathlib import Path

from ccgkg.corpus.anchors import Quote, locate
from ccgkg.corpus.claims import Claim, Passage
from ccgkg.corpus.entries import MirrorForm
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.reading import Reading
from ccgkg.corpus.sources import Source
from ccgkg.errors import nearest

__all__ = ["find_mirrored"]


def find_mirrored(
    source: Source, form: MirrorForm, original: Reading, place: tuple[Path, int], findings: Findings
) -> dict[str, tuple[Passage, ...]]:
    """The passages of another source's claims in this one.

    Args:
        source: the second printing.
        form: what its file says of the mirror.
        original: the claims of the first printing.
        place: file and line of `mirrors:`, for findings.
        findings: where faults go.

    Returns:
        Short id of each claim that this text prints too, to its passages here.
    """
    path, line = place
    claims = {claim.id: claim for claim in original.claims if not claim.withdrawn}
    for named in sorted({*form.renderings, *form.absent} - set(claims)):
        near = ", ".join(nearest(named, claims))
        message = f"`{form.source}` has no claim `{named}`; nearest: {near}"
        findings.add(path, line, "mirror", message)
    mirrored = {}
    for claim in claims.values():
        passages, problem = _passages(source, form, claim, line)
        if claim.id in form.absent:
            if passages and not problem:
                message = f"`{claim.id}` is called absent, but this text prints it"
                findings.add(path, line, "mirror", message)
        elif problem:
            findings.add(
                path,
                line,
                "mirror",
                f"`{claim.short}` is not found in this printing: {problem}; give its words under "
                "`renderings:`, or name it in `absent:`",
            )
        else:
            mirrored[claim.short] = tuple(passages)
    return mirrored


def _passages(
    source: Source, form: MirrorForm, claim: Claim, line: int
) -> tuple[list[Passage], str]:
    """A claim's passages here, or what is wrong with the first that is not found."""
    found = []
    for place, passage in enumerate(claim.passages):
        typed = form.renderings.get(claim.id, passage.typed) if place == 0 else passage.typed
        quote = Quote.parse(typed, source.text)
        match = locate(source.text, quote, None, source.sentences)
        if not match.spans:
            return [], match.problem
        region = source.region_at(match.spans[0].start).id
        found.append(
            Passage(source.key, typed, match.spans, match.verdict, quote.insertions, region, line)
        )
    return found, ""
