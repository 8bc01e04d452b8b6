"""Accounts: what the rest of a corpus must know of one source and its claims.

An account is small and holds plain values, so that it can be handed from the process that read
the source to the one that sees them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.library import Shared
from ccgkg.corpus.parts import Part
from ccgkg.corpus.vocabulary import UNSTATED

__all__ = ["Account", "Told", "Whole", "account_of"]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a claim outside its source.

    Attributes:
        short: its short id.
        line: 1-based line in its file.
        modality: how its first link puts it.
        counts: whether it has a figure.
        withdrawn: whether it is no longer made.
        successor: short id of the claim that took its place, or nothing.
        names: the claims that it names: in which field, and their short ids.
    """

    short: str
    line: int
    modality: str
    counts: bool
    withdrawn: bool
    successor: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a source outside it.

    Attributes:
        key: the source.
        folder: where it lies.
        is_pinned: whether its sentences are.
        claims: what it says.
        typed_ids: every claim id in its file, those of faulty claims too; None if it has no
            claims that can be read.
        mirrors: whose article it prints as well, and on which line it says so.
        names: the keys of registers that its record and its claims name.
        carried: how many claims that still stand each relation carries.
        relations: those that any of its claims has.
    """

    key: str
    folder: Path
    is_pinned: bool
    claims: tuple[Told, ...]
    typed_ids: frozenset[str] | None
    mirrors: tuple[str, int] | None
    names: frozenset[str]
    carried: Mapping[str, int]
    relations: frozenset[str]


@dataclass(frozen=True)
class Whole:
    """A corpus as far as all its sources must be known at once.

    Attributes:
        shared: registers, issues and views.
        accounts: of every source that could be read, by key.
    """

    shared: Shared
    accounts: Mapping[str, Account]

    @cached_property
    def claims(self) -> Mapping[str, Told]:
        """All claims and suppositions, by short id."""
        return {told.short: told for account in self.accounts.values() for told in account.claims}


def account_of(part: Part) -> Account:
    """The account of a source."""
    claims = part.reading.claims if part.reading else ()
    agents = part.source.form.agents
    named = {*agents.author, agents.publisher or UNSTATED}
    named.update(chain.from_iterable(claim.named_keys() for claim in claims))
    mirrors = part.reading.mirrors if part.reading else None
    return Account(
        key=part.source.key,
        folder=part.source.folder,
        is_pinned=part.source.is_pinned,
        claims=tuple(map(_told, claims)),
        typed_ids=part.reading.typed_ids if part.reading else None,
        mirrors=(mirrors.source, part.reading.mirrors_line) if part.reading and mirrors else None,
        names=frozenset(named),
        carried=Counter(claim.relation.term.name for claim in claims if not claim.withdrawn),
        relations=frozenset(claim.relation.term.name for claim in claims),
    )


def _told(claim: Claim) -> Told:
    withdrawn = claim.full.withdrawn if claim.full else None
    return Told(
        short=claim.short,
        line=claim.line,
        modality=claim.modality,
        counts=bool(claim.full and claim.full.figure),
        withdrawn=claim.withdrawn,
        successor=claim.short_of(withdrawn.successor) if withdrawn and withdrawn.successor else "",
        names=tuple((field, claim.short_of(named)) for field, named in _references(claim)),
    )


def _references(claim: Claim) -> Iterator[tuple[str, str]]:
    """Every claim that a claim names, and in which field."""
    ends = (*claim.subjects, *claim.objects)
    yield from (("links", end.key) for end in ends if end.type == "claim")
    yield from ((kind, reason.claim) for kind, reason in claim.reasons())
    if (form := claim.full) is None:
        return
    yield from (("answers", reference) for reference in form.answers)
    if form.compare:
        compared = (form.compare.from_, form.compare.to)
        yield from (("compares", reference) for reference in compared if reference)
    if form.withdrawn and form.withdrawn.successor:
        yield "is succeeded by", form.withdrawn.successor
