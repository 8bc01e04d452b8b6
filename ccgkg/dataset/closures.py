"""What follows from claims and registers, derived so that a plain query misses nothing.

A claim on the autonomy of CCGs concerns CCGs and, since the topic stands under it,
autonomy; GPs without a formal role are within GPs. Neither is typed by a curator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.library import Corpus
from ccgkg.corpus.registers import ActorForm

__all__ = ["concerned", "within"]


def concerned(corpus: Corpus, claim: Claim) -> list[str]:
    """Keys of all that a claim is about in any way, sorted.

    To what it involves come what it compares with and whom its figure counts, the same of
    the claims of its own source that are its ends, and of each topic the broader ones and
    the actors that it belongs to. Broader actors are none of it: what is said of a part
    of GPs is not said of GPs.
    """
    told = [claim, *(corpus.claims[short] for short in _reached([claim.short], _spoken_of(corpus)))]
    keys = {key for one in told for key in _reaching(corpus, one)}
    topics = corpus.registers.topics
    matters = [key for key in keys if key in topics]
    keys |= set(_reached(matters, lambda key: topics[key].broader))
    return sorted(keys | {actor for key in keys if key in topics for actor in topics[key].of})


def _spoken_of(corpus: Corpus) -> Callable[[str], Iterable[str]]:
    """From a claim to the claims of its own source that are its ends."""

    def step(short: str) -> Iterator[str]:
        claim = corpus.claims[short]
        for end in (*claim.subjects, *claim.objects):
            # A claim that is not there is told where all claims are known.
            own = end.type == "claim" and end.key.startswith(f"{claim.source}/")
            if own and end.key in corpus.claims:
                yield end.key

    return step


def _reaching(corpus: Corpus, claim: Claim) -> Iterator[str]:
    yield from claim.involved_keys()
    form = claim.full
    if form and form.figure:
        yield form.figure.population
    if form and form.compare and form.compare.than and _is_matter(corpus, form.compare.than):
        yield form.compare.than


def _is_matter(corpus: Corpus, key: str) -> bool:
    return corpus.registers.type_of(key) in ("actor", "topic", "work", "wave")


def within(corpus: Corpus, actor: str) -> list[str]:
    """Keys of the actors of which one is a group, a part, a joint team or who has a post there."""
    actors = corpus.registers.actors

    def up(key: str) -> Iterator[str]:
        form: ActorForm = actors[key]
        yield from (t.actor for t in (*form.broader, *form.part_of, *form.post, *form.members))

    return sorted(set(_reached([actor], up)) - {actor})


def _reached(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        for key in step(waiting.pop()):
            if key not in seen:
                seen.add(key)
                waiting.append(key)
                yield key
