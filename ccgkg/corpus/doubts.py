"""Doubts about a claim: what a second reader would ask, and a machine can.

A law forbids; a doubt asks, and the curator mends the claim or says why it holds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ccgkg.corpus.carrying import Carrying
from ccgkg.corpus.claims import Claim, End
from ccgkg.corpus.figures import holds_figure, is_value_of
from ccgkg.corpus.findings import Fault
from ccgkg.corpus.marks import Marks
from ccgkg.corpus.names import Names
from ccgkg.corpus.rules import MOST_CLAIMS
from ccgkg.corpus.text import Span, plain
from ccgkg.corpus.vocabulary import LITERAL, UNSTATED

if TYPE_CHECKING:
    from ccgkg.corpus.library import Corpus

__all__ = ["Doubts"]


@dataclass(frozen=True)
class Doubts:
    """What may be asked about the claims of one source.

    Attributes:
        corpus: the source with those that its claims speak of, for one claim may answer what is
            asked about another.
        key: which source it is.
        names: what everything is called.
    """

    corpus: Corpus
    key: str
    names: Names

    def of_claim(self, claim: Claim) -> Iterator[Fault]:
        """All doubts about a claim; none about a supposition, which has no `accept:`."""
        if claim.full is None:
            return
        yield from self._crowded(claim)
        yield from self._unmentioned(claim)
        yield from self._unhedged(claim)
        yield from self._one_sided(claim)
        yield from self._unstructured(claim)
        yield from self._misvalued(claim)
        yield from self._unheard(claim)

    # ---- the doubts

    def _crowded(self, claim: Claim) -> Iterator[Fault]:
        quote = claim.passages[0]
        sharing = self._sharing.get(quote.spans, ())
        if len(sharing) > MOST_CLAIMS:
            yield Fault(
                "crowded-passage",
                f"{len(sharing)} claims stand on “{quote.typed}”; give each the shortest passage "
                "that carries it whole",
                told_elsewhere=claim is not sharing[0],
            )

    def _unmentioned(self, claim: Claim) -> Iterator[Fault]:
        ends = [end for end in (*claim.subjects, *claim.objects) if end.key != UNSTATED]
        if ends and not any(self._is_mentioned(claim, end) for end in ends):
            labels = " or ".join(f"“{self.corpus.registers.label(end.key)}”" for end in ends)
            yield Fault(
                "unmentioned",
                f"neither passage nor context names {labels}, by label or alias; quote more, show "
                "in `context:` what the words mean, or add them to the aliases",
            )

    def _unhedged(self, claim: Claim) -> Iterator[Fault]:
        for word in dict.fromkeys(word for word, _ in self._uncarried(claim, "hedge")):
            yield Fault(
                "hedge-missing",
                f"“{word}” stands in the passage, and the claim carries it nowhere; say it in "
                f"`hedge`, quote less, or `accept: {{{word!r}: why}}`",
                word,
            )

    def _one_sided(self, claim: Claim) -> Iterator[Fault]:
        if claim.form.denied:
            if not self._is_denied(claim):
                yield Fault(
                    "negation-one-sided",
                    "`denied`, and neither passage nor context holds a negation; quote the words "
                    "that deny, or `accept: {negation-one-sided: why}`",
                )
            return
        asked = self._uncarried(claim, "negation")
        for word in dict.fromkeys(w for w, at in asked if not self._is_denied_apart(claim, at)):
            yield Fault(
                "negation-one-sided",
                f"“{word}” stands in the passage, and the claim denies nothing; say `denied: "
                f"true`, quote less, or `accept: {{{word!r}: why}}`",
                word,
            )

    def _unstructured(self, claim: Claim) -> Iterator[Fault]:
        marks = self._marks
        for figure in _inside(_stretches(claim), marks.figures):
            on_it = list({c.id: c for c, _ in self._claims_on[figure]}.values())
            if any(self._counts(c, figure) for c in on_it):
                continue
            word = plain(marks.text[figure])
            yield Fault(
                "figure-unstructured",
                f"“{word}” stands in the passage, and no claim on it has it in `figure`; add "
                f"`figure: {{said: {word}, …}}`, or `accept: {{{word!r}: why}}`",
                word,
                told_elsewhere=on_it[:1] != [claim],
            )

    def _misvalued(self, claim: Claim) -> Iterator[Fault]:
        figure = claim.full.figure if claim.full else None
        if figure is None or figure.value is None:
            return
        if not is_value_of(str(figure.value), figure.unit, figure.said):
            yield Fault(
                "figure-value",
                f"the value {figure.value} ({figure.unit}) is not that of “{figure.said}”; take it "
                "from the words, or `accept: {figure-value: why}`",
            )

    def _unheard(self, claim: Claim) -> Iterator[Fault]:
        marks = self._marks
        for speech in _inside(_stretches(claim), marks.speeches, key=lambda speech: speech.span):
            if not any(self._carrying.hears(claim, mention.key) for mention in speech.speakers):
                name = marks.text[speech.speakers[-1].span]
                yield Fault(
                    "speaker-missing",
                    f"“{marks.text[speech.span]}” stands in the passage, and “{name}” in no link "
                    "of the chain; put the speaker into the chain, quote less, or "
                    f"`accept: {{{plain(name)!r}: why}}`",
                    plain(name),
                )

    # ---- what they ask

    def _uncarried(self, claim: Claim, kind: str) -> Iterator[tuple[str, Span]]:
        """The cues in the passages that the claim carries nowhere, and where they stand."""
        marks = self._marks
        for place in _inside(_stretches(claim), marks.cues.get(kind, ())):
            word = plain(marks.text[place])
            carried = self._carrying.carries(claim, kind, word)
            if not carried and not self._is_named(claim, place):
                yield word, place

    def _is_denied_apart(self, claim: Claim, place: Span) -> bool:
        """Whether another claim denies by these words, on a stretch cut otherwise.

        There the curator has told the two apart: “the one element that can’t be designed”.
        """
        word = plain(self._marks.text[place])
        stretch = next(s for s in _stretches(claim) if _within(place, [s]))
        return any(
            not _within(stretch, [cut]) and self._carrying.carries(other, "negation", word)
            for other, cut in self._claims_on[place]
        )

    def _is_denied(self, claim: Claim) -> bool:
        marks = self._marks
        shown = _shown(claim)
        if any(_inside(shown, marks.cues.get("negation", ()))):
            return True
        return bool(marks.words.found(self._carrying.words(claim), "negation"))

    def _is_mentioned(self, claim: Claim, end: End) -> bool:
        if end.type in ("claim", LITERAL):
            return True
        marks, shown = self._marks, _shown(claim)
        if any(_inside(shown, marks.mentions.get(end.key, ()))):
            return True
        inserted = (w for p in (*claim.passages, *claim.context) for w in p.insertions)
        if any(m.key == end.key for words in inserted for m in self.names.mentions(words)):
            return True
        speaks = any(link.who == end.key for link in claim.chain)
        return speaks and any(_inside(shown, marks.cues.get("first-person", ())))

    def _is_named(self, claim: Claim, place: Span) -> bool:
        """Whether words belong to the name of something that the claim names."""
        return not self._named_over[place].isdisjoint(claim.named_keys())

    def _counts(self, claim: Claim, figure: Span) -> bool:
        """Whether a claim accounts for a figure: as such, as a time, or in a name."""
        printed, given = self._marks.text[figure], self._carrying.figures(claim)
        counted = any(holds_figure(words, printed) for words in given)
        return counted or self._is_named(claim, figure)

    # ---- made once

    @cached_property
    def _carrying(self) -> Carrying:
        return Carrying(self.corpus)

    @cached_property
    def _marks(self) -> Marks:
        registers, cues = self.corpus.registers, self.corpus.vocabulary.cues
        text = self.corpus.sources[self.key].text
        return Marks(text, cues, self.names, registers.actors.keys())

    @cached_property
    def _standing(self) -> Sequence[Claim]:
        claims = self.corpus.readings[self.key].claims
        return [c for c in claims if c.full is not None and not c.withdrawn]

    @cached_property
    def _sharing(self) -> Mapping[tuple[Span, ...], Sequence[Claim]]:
        """The standing claims on each quote."""
        sharing = defaultdict(list)
        for claim in self._standing:
            sharing[claim.passages[0].spans].append(claim)
        return sharing

    @cached_property
    def _named_over(self) -> Mapping[Span, set[str]]:
        """The keys whose names hold a figure or a cue of the source."""
        found = defaultdict(set)
        marks = self._marks
        asked = (marks.figures, *(marks.cues.get(kind, ()) for kind in ("hedge", "negation")))
        for key, names in marks.mentions.items():
            for place in (p for places in asked for p in _inside(names, places)):
                found[place].add(key)
        return found

    @cached_property
    def _claims_on(self) -> Mapping[Span, Sequence[tuple[Claim, Span]]]:
        """The standing claims on each figure and negation of the source, and their stretch."""
        found = defaultdict(list)
        asked = (self._marks.figures, self._marks.cues.get("negation", ()))
        for claim in self._standing:
            for stretch in _stretches(claim):
                for place in (p for places in asked for p in _inside([stretch], places)):
                    found[place].append((claim, stretch))
        return found


_Mark = TypeVar("_Mark")


def _itself(mark: Any) -> Any:
    return mark


def _stretches(claim: Claim) -> list[Span]:
    return [span for passage in claim.passages for span in passage.spans]


def _shown(claim: Claim) -> list[Span]:
    """The stretches of passages and context."""
    return [span for p in (*claim.passages, *claim.context) for span in p.spans]


def _inside(
    stretches: Iterable[Span], marks: Sequence[_Mark], key: Callable[[_Mark], Span] = _itself
) -> Iterator[_Mark]:
    """Those of some marks, sorted by place, that lie inside a stretch."""
    for stretch in stretches:
        for at in range(bisect_left(marks, stretch.start, key=lambda m: key(m).start), len(marks)):
            if key(marks[at]).start >= stretch.end:
                break
            if key(marks[at]).end <= stretch.end:
                yield marks[at]


def _within(place: Span, spans: Iterable[Span]) -> bool:
    return any(span.start <= place.start and place.end <= span.end for span in spans)
