"""Marks: what in a source's text a doubt may hang on, found once for the whole text.

Cues, figures, names, and who speaks: an actor's name directly before a speech verb (“GPs
said”), or after one that closes a quotation or a clause (“…’, said Dr Doyle”).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ccgkg.corpus.figures import figures_in
from ccgkg.corpus.names import Mention, Names
from ccgkg.corpus.text import Span, Text
from ccgkg.corpus.vocabulary import Cues

__all__ = ["Marks", "Speech"]

_REACH = 16
"""Code points between a name and a verb in which a gap is looked for."""
_SPACE = re.compile(r"\s+$")
"""Between a speaker, auxiliaries and the verb: “GPs have said”."""
_AFTER_VERB = re.compile(r"\s+(?:the\s+|an?\s+)?", re.IGNORECASE)
# Between a role and its holder (“co-chair Dr Amanda Doyle”), and between two who speak.
_NAMES_BEFORE = re.compile(r",?\s+(?:(?:and|or)\s+)?(?:the\s+)?$")
_NAMES_AFTER = re.compile(r",?\s+(?:(?:and|or)\s+)?(?:the\s+)?")
_CLOSES = re.compile(r"[,'\"’”]\s*$")
"""What stands before a verb whose speaker follows."""
_POSSESSIVE = ("'s", "’s")


@dataclass(frozen=True, slots=True)
class Speech:
    """A speech verb with the one who speaks.

    Attributes:
        span: the verb and the name beside it.
        speakers: one actor, a role and its holder, or several who speak together; the one
            beside the verb stands last.
    """

    span: Span
    speakers: tuple[Mention, ...]


@dataclass(frozen=True)
class Marks:
    """The marks of one text.

    Attributes:
        text: the text.
        words: cues of the ontology.
        names: what everything is called.
        actors: the keys of those who can speak.
    """

    text: Text
    words: Cues
    names: Names
    actors: Collection[str]

    @cached_property
    def cues(self) -> Mapping[str, tuple[Span, ...]]:
        """Every cue, by kind."""
        content = self.text.content
        return {kind: tuple(self.words.places(content, kind)) for kind in self.words.words}

    @cached_property
    def figures(self) -> tuple[Span, ...]:
        """Every figure."""
        return tuple(figures_in(self.text.content, self.words))

    @cached_property
    def mentions(self) -> Mapping[str, tuple[Span, ...]]:
        """Every name, by the key that it names."""
        spans = defaultdict(list)
        for mention in self._mentions:
            spans[mention.key].append(mention.span)
        return {key: tuple(found) for key, found in spans.items()}

    @cached_property
    def speeches(self) -> tuple[Speech, ...]:
        """Every speech verb that an actor's name stands beside, by place."""
        return tuple(sorted(self._speeches(), key=lambda speech: speech.span))

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        return tuple(self.names.mentions(self.text.content))

    def _speeches(self) -> Iterator[Speech]:
        follows = set(self.cues.get("attribution", ()))
        content = self.text.content
        for verb in self.cues.get("speech", ()):
            before = () if verb in follows else self._before(self._start(verb), _SPACE)
            if before:
                yield Speech(Span(before[-1].span.start, verb.end), before)
            closes = _CLOSES.search(content, max(0, verb.start - _REACH), verb.start)
            after = self._after(verb.end, _AFTER_VERB) if verb in follows or closes else ()
            if after:
                yield Speech(Span(verb.start, after[-1].span.end), after)

    def _start(self, verb: Span) -> int:
        """Where a verb begins, with its auxiliaries."""
        start = verb.start
        while (gap := _SPACE.search(self.text.content, max(0, start - _REACH), start)) and (
            gap.start() in self._auxiliaries
        ):
            start = self._auxiliaries[gap.start()]
        return start

    @cached_property
    def _auxiliaries(self) -> Mapping[int, int]:
        return {place.end: place.start for place in self.cues.get("auxiliary", ())}

    @cached_property
    def _speakers(self) -> Mapping[str, Mapping[int, Sequence[Mention]]]:
        """The names of actors by their start and by their end, the longest first.

        A possessive is none: “the King’s Fund’s report”.
        """
        starts, ends = defaultdict(list), defaultdict(list)
        for mention in sorted(self._mentions, key=lambda m: m.span.start - m.span.end):
            possessive = self.text[mention.span].endswith(_POSSESSIVE)
            if mention.key in self.actors and not possessive:
                starts[mention.span.start].append(mention)
                ends[mention.span.end].append(mention)
        return {"start": starts, "end": ends}

    def _before(self, at: int, gap: re.Pattern[str]) -> tuple[Mention, ...]:
        """The names that end directly before an offset."""
        found = gap.search(self.text.content, max(0, at - _REACH), at)
        beside = self._speakers["end"].get(found.start(), ()) if found else ()
        longest = _longest(beside)
        if not longest:
            return ()
        return (*self._before(longest[0].span.start, _NAMES_BEFORE), *longest)

    def _after(self, at: int, gap: re.Pattern[str]) -> tuple[Mention, ...]:
        """The names that begin directly after an offset."""
        found = gap.match(self.text.content, at)
        beside = self._speakers["start"].get(found.end(), ()) if found else ()
        longest = _longest(beside)
        if not longest:
            return ()
        return (*self._after(longest[0].span.end, _NAMES_AFTER), *longest)


def _longest(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Of names that begin or end together, longest first, all of the longest stretch."""
    return tuple(m for m in mentions if m.span == mentions[0].span)
