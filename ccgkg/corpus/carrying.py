"""Carrying: what of its passage a claim says, and by which of its fields.

A word is carried where the claim repeats it (hedge, chain, condition, figure …), where a
term of the ontology says as much (`ccg:carries`: “lacks” negates; `ccg:carriesWord`: a
prediction says “could”), or where a claim that it speaks of does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.laws import carried_words, carries_word, stated_words
from ccgkg.corpus.vocabulary import LITERAL, Term

if TYPE_CHECKING:
    from ccgkg.corpus.library import Corpus

__all__ = ["Carrying"]


@dataclass(frozen=True)
class Carrying:
    """What the claims of one corpus carry.

    Attributes:
        corpus: all of it, for one claim may speak of another.
    """

    corpus: Corpus

    def carries(self, claim: Claim, kind: str, word: str) -> bool:
        """Whether a claim says a cue of its passage.

        Args:
            claim: the claim.
            kind: the kind of cue: `negation`, `hedge` …
            word: the cue, in lower case.
        """
        if kind == "negation" and claim.form.denied:
            return True
        by_term = any(kind in term.carries for term in self._terms(claim))
        # A hedge or a speech word denies nothing: “feeling unable” wants `denied` as well.
        words = self.words(claim, attributed=kind != "negation")
        return by_term or carries_word(words, word)

    def words(self, claim: Claim, *, attributed: bool = True) -> str:
        """The words that a claim repeats, says by its terms, or takes up from other claims.

        Args:
            claim: the claim.
            attributed: with its hedges and the words of its chains.
        """
        by_terms = [word for term in self._terms(claim) for word in term.carries_words]
        repeated = (w for c in (claim, *self.kin(claim)) for w in self._repeated(c, attributed))
        return " ".join([*by_terms, *repeated])

    def figures(self, claim: Claim) -> Iterator[str]:
        """The words in which a claim gives its figure and its time."""
        if (form := claim.full) is None:
            return
        if form.figure:
            yield form.figure.said
        if form.time:
            yield form.time.said or ""
        if form.time and form.time.key:
            entry = self.corpus.registers.entries["time"][form.time.key]
            yield from (entry.label, *entry.aliases)

    def kin(self, claim: Claim) -> Iterator[Claim]:
        """The claims that a claim speaks of or compares."""
        for short in claim.speaks_of():
            if short in self.corpus.claims:
                yield self.corpus.claims[short]

    def hears(self, claim: Claim, speaker: str) -> bool:
        """Whether an actor is in the chain, or in that of a claim that this one speaks of.

        A part, a sub-group or a member stands for its whole and the other way round. What is
        felt may also be the matter itself: a topic that belongs `of:` the actor.
        """
        heard = {link.who for c in (claim, *self.kin(claim)) for link in c.chain}
        topics = self.corpus.registers.topics
        heard.update(*(topics[key].of for key in claim.named_keys() if key in topics))
        return bool(heard & self._reach(speaker)) or any(speaker in self._reach(k) for k in heard)

    def _reach(self, key: str) -> set[str]:
        """An actor, what it belongs to at any distance, and whom it has as members."""
        reached, todo = {key}, [key]
        while todo:
            actor = self.corpus.registers.actors.get(todo.pop())
            if actor is None:
                continue  # a faulty entry, told elsewhere
            ties = (*actor.broader, *actor.part_of, *actor.post, *actor.members)
            todo += {tie.actor for tie in ties} - reached
            reached.update(todo)
        return reached

    def _repeated(self, claim: Claim, attributed: bool) -> Iterator[str]:
        yield from (end.key for end in claim.objects if end.type == LITERAL)
        if (form := claim.full) is None:
            return
        yield from carried_words(claim, form) if attributed else stated_words(form)
        if form.figure:
            measure = self.corpus.registers.entries["measure"][form.figure.measure]
            yield from (measure.label, *measure.aliases, measure.wording or "")

    def _terms(self, claim: Claim) -> Iterator[Term]:
        """The terms of the ontology in which a claim is put."""
        yield claim.relation.term
        schemes, form = self.corpus.vocabulary.schemes, claim.full
        if form is None:
            return
        yield schemes["modality"][form.modality]
        if form.extent:
            yield schemes["extent"][form.extent.value]
        if form.compare:
            yield schemes["direction"][form.compare.direction]
            if form.compare.of:
                yield schemes["quantity"][form.compare.of]
