"""Mirrors: a source that prints the article of another one.

One article printed twice is one set of claims with passages in two sources, never two
confirmations. The claims live in one source; the other's `claims.yaml` says `mirrors:`,
and every passage is found again in its text. A claim that the other printing words
differently is given its words under `renderings`, one that it lacks stands in `absent`.
Readers' comments and boilerplate are no part of the article: words found there do not print
it. What holds of a quote in the first printing, one sentence and an elision that drops
nothing, holds of it in the second.
"""

from __future__ import annotations

from collections.abc import Iterator

from ccgkg.corpus.anchors import Quote, locate
from ccgkg.corpus.claims import Claim, Passage
from ccgkg.corpus.entries import MirrorForm
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.laws import LawBook
from ccgkg.corpus.reading import Reading
from ccgkg.corpus.sources import BODY, Source
from ccgkg.corpus.text import Span
from ccgkg.errors import nearest

__all__ = ["find_mirrored"]


def find_mirrored(
    source: Source, reading: Reading, original: Reading, laws: LawBook, findings: Findings
) -> dict[str, tuple[Passage, ...]]:
    """The passages of another source's claims in this one.

    Args:
        source: the second printing.
        reading: its file, which says `mirrors:`.
        original: the claims of the first printing.
        laws: what a quote may leave out and put in.
        findings: where faults go.

    Returns:
        Short id of each claim that this text prints too, to its passages here.
    """
    form, path, line = reading.mirrors, source.folder / "claims.yaml", reading.mirrors_line
    assert form is not None
    claims = {claim.id: claim for claim in original.claims if not claim.withdrawn}
    for named in sorted({*form.renderings, *form.absent} - set(claims)):
        near = ", ".join(nearest(named, claims))
        message = f"`{form.source}` has no claim `{named}`; nearest: {near}"
        findings.add(path, line, "mirror", message)
    mirrored = {}
    for claim in claims.values():
        passages, problem = _passages(source, form, claim, line)
        problem = problem or next(_unlawful(source, laws, claim, passages), "")
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


def _unlawful(
    source: Source, laws: LawBook, claim: Claim, passages: list[Passage]
) -> Iterator[str]:
    """What is wrong with words that were found: where they stand, what they leave out."""
    for passage, first in zip(passages, claim.passages, strict=True):
        region = source.region_at(passage.spans[0].start)
        article = ("body",) if first.region == BODY else ("body", "heading")
        if region.kind not in article:
            yield f"“{passage.typed}” stands in `{region.id}` ({region.kind}), not in the article"
        whole = Span(passage.spans[0].start, passage.spans[-1].end)
        if len(source.sentences_of(whole)) > 1:
            yield f"“{passage.typed}” runs over several sentences"
        if claim.full is None and passage.typed == first.typed:
            continue  # the passages of a condition are those of its claim
        accepted = claim.full.accepted if claim.full else set()
        for fault in laws.of_passage(source, passage):
            if not fault.word or fault.word not in accepted:
                yield fault.message
