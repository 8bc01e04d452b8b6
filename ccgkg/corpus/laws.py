"""The second law: a quote is verified, and read in its whole sentence.

A passage that is in the text can still mislead: words left out, words put in, or a
"not", "could", "unless" or "some say" that stands in the same sentence outside the
passage. Each check here yields the faults of one passage or claim, as text; whatever
cannot be decided by machine is accepted by the curator, word by word, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ccgkg.corpus.claims import Claim, Passage
from ccgkg.corpus.entries import ClaimForm
from ccgkg.corpus.findings import Fault
from ccgkg.corpus.sources import Source
from ccgkg.corpus.text import Span, fold, plain
from ccgkg.corpus.vocabulary import LITERAL, Cues

__all__ = ["LawBook", "carried_words", "carries_word", "stated_words"]

_GAP = "\n¶\n"
"""Stands between pieces of a sentence, so that no cue is found across a passage."""


@dataclass(frozen=True)
class LawBook:
    """The second law for one corpus.

    Attributes:
        cues: negations, hedges, conditions and speech verbs.
        actors: a pattern of every label and alias of every actor.
    """

    cues: Cues
    actors: re.Pattern[str]

    @classmethod
    def of(cls, cues: Cues, actor_names: Sequence[str]) -> LawBook:
        """Make the book for a corpus; `actor_names` longest first."""
        names = "|".join(re.escape(name) for name in actor_names) or r"(?!)"
        return cls(cues, re.compile(rf"(?<!\w)(?:{names})(?!\w)"))

    def of_passage(self, source: Source, passage: Passage) -> Iterator[Fault]:
        """What an elision drops and an insertion changes."""
        for words in passage.insertions:
            for kind in ("negation", "hedge", "condition"):
                for word in self.cues.found(words, kind):
                    yield Fault(
                        "insertion",
                        f"the insertion [{words}] adds the {kind} “{word}”: an insertion may name "
                        "what a pronoun means; it may not add or remove a negation, a hedge or a "
                        "condition",
                    )
        for one, two in pairwise(passage.spans):
            gap = source.text[Span(one.end, two.start)]
            for kind in ("negation", "hedge", "condition", "speech"):
                for word in self.cues.found(gap, kind):
                    yield Fault(
                        "elision",
                        f"the elision drops the {kind} “{word}” (left out: “{gap.strip()}”)",
                        word,
                    )
            for name in self.actors.findall(gap):
                yield Fault(
                    "elision",
                    f"the elision drops “{name}”, so that one actor may be joined to another's "
                    f"deed (left out: “{gap.strip()}”)",
                    plain(name),
                )

    def of_region(self, source: Source, claim: Claim) -> Iterator[Fault]:
        """Boilerplate is never evidence; a heading only of what it says itself."""
        for passage in claim.passages:
            region = source.region_at(passage.spans[0].start)
            if region.kind == "boilerplate":
                yield Fault("boilerplate", f"`{region.id}` is boilerplate, which is no evidence")
            elif region.kind == "heading" and claim.chain[0].document != region.id:
                yield Fault(
                    "heading",
                    f"the quote stands only in the heading `{region.id}`: such a claim is the "
                    f"heading's own, `chain: [{{who: …, in: {region.id}}}]`; for a claim of the "
                    "text quote the text",
                )

    def of_words(self, source: Source, claim: Claim) -> Iterator[Fault]:
        """Words that a claim gives as the source's own stand in its sentences or context."""
        form = claim.full
        if form is None:
            return
        shown = (span for p in (*claim.passages, *claim.context) for span in p.spans)
        sentences = {sentence for span in shown for sentence in source.sentences_of(span)}
        printed = [_folded(source.text[sentence]) for sentence in sentences]
        for where, words in _own_words(claim, form):
            for part in filter(None, map(_folded, words.split("…"))):
                if not any(carries_word(sentence, part) for sentence in printed):
                    yield Fault(
                        "not-printed",
                        f"`{where}` gives “{words}” as words of the source, which stand in no "
                        "sentence of its passages or context; copy them from the text, or "
                        f"`accept: {{{plain(words)!r}: why}}`",
                        plain(words),
                    )

    def of_sentence(self, source: Source, claim: Claim) -> Iterator[Fault]:
        """Cues in the sentence, outside the passages, that the claim does not carry."""
        form = claim.full
        if form is None:
            return
        outside = _GAP.join(_outside(source, claim.passages))
        carried = " ".join(carried_words(claim, form))
        carries = {
            "negation": form.denied,
            "hedge": False,
            "condition": form.if_ is not None or form.unless is not None,
            "speech": len(claim.chain) > 1 or any(link.words for link in claim.chain),
        }
        if form.modality == "question":
            carries["condition"] = True  # "whether" is how a question is reported
        for kind, carried_anyway in carries.items():
            if carried_anyway:
                continue
            for word in dict.fromkeys(self.cues.found(outside, kind)):
                if not carries_word(carried, word):
                    yield Fault(
                        "sentence",
                        f"“{word}” ({kind}) stands in the sentence outside the passage, and the "
                        f"claim carries it nowhere; quote more, say it in {_WHERE[kind]}, or "
                        f"`accept: {{{word!r}: why}}`",
                        word,
                    )


def _own_words(claim: Claim, form: ClaimForm) -> Iterator[tuple[str, str]]:
    """Fields that hold the source's own words, with the words."""
    yield "hedge", form.hedge or ""
    yield from (("chain", link.words or "") for link in claim.chain)
    yield from (("edge", end.key) for end in claim.objects if end.type == LITERAL)
    yield "figure", form.figure.said if form.figure else ""
    yield "time", (form.time.said or "") if form.time else ""
    yield "extent", (form.extent.words or "") if form.extent else ""


def _folded(words: str) -> str:
    return " ".join(fold(words).content.casefold().split())


_WHERE: Mapping[str, str] = {
    "negation": "`denied`",
    "hedge": "`hedge`",
    "condition": "`if` or `unless`",
    "speech": "`chain`",
}


def _outside(source: Source, passages: Sequence[Passage]) -> Iterator[str]:
    """The pieces of the sentences that no passage covers."""
    spans = sorted(
        span for passage in passages if passage.source == source.key for span in passage.spans
    )
    sentences = sorted({s for span in spans for s in source.sentences_of(span)})
    for sentence in sentences:
        at = sentence.start
        for span in spans:
            if span.overlaps(sentence):
                if span.start > at:
                    yield source.text[Span(at, span.start)]
                at = max(at, span.end)
        if at < sentence.end:
            yield source.text[Span(at, sentence.end)]


def carried_words(claim: Claim, form: ClaimForm) -> Iterator[str]:
    """All words of the source that the claim repeats in its fields."""
    yield form.hedge or ""
    for link in claim.chain:
        yield link.words or ""
    yield from stated_words(form)


def stated_words(form: ClaimForm) -> Iterator[str]:
    """Those of them that belong to what is said, not to how: neither hedge nor chain."""
    if form.extent:
        yield form.extent.words or ""
    if form.time:
        yield form.time.said or ""
    if form.figure:
        yield form.figure.said
    for condition in (form.if_, form.unless):
        if condition:
            yield condition.words or condition.text or ""


def carries_word(carried: str, word: str) -> bool:
    """Whether a cue stands, as a whole word, among the words that a claim carries."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain(carried)) is not None
