"""References: every claim that a claim, register, issue or view names exists, and is still made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ccgkg.corpus.claims import Claim
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.registers import Registers
from ccgkg.errors import nearest

if TYPE_CHECKING:
    from ccgkg.corpus.library import Corpus

__all__ = ["check_references"]


def check_references(corpus: Corpus, findings: Findings) -> None:
    """Note every name of a claim that does not exist, is withdrawn or is of the wrong kind."""
    _check_claims(corpus, findings)
    _check_entries(corpus, findings)
    _check_bearings(corpus, findings)
    _check_views(corpus, findings)


def _check_claims(corpus: Corpus, findings: Findings) -> None:
    """Every claim that another claim names must exist."""
    for claim in corpus.claims.values():
        path = corpus.sources[claim.source].folder / "claims.yaml"
        for field, reference in _references(claim):
            short = claim.short_of(reference)
            # What is no longer made may name what is no longer made either.
            wrong = (
                "itself"
                if short == claim.short
                else _unfit(corpus, short, findings, may_be_withdrawn=claim.withdrawn)
                or _misfit(corpus.claims.get(short), field)
            )
            if wrong:
                findings.add(path, claim.line, "reference", f"`{claim.id}` {field} {wrong}")


def _check_entries(corpus: Corpus, findings: Findings) -> None:
    """Every claim that a register rests on must exist and still be made."""
    for key, (path, line) in corpus.registers.places.items():
        for short in _stated_by(corpus.registers, key):
            if _SHORT_ID.match(short) and (wrong := _unfit(corpus, short, findings)):
                findings.add(path, line, "reference", f"`{key}` rests on {wrong}")


def _check_bearings(corpus: Corpus, findings: Findings) -> None:
    """Every claim that bears on an issue must exist and still be made."""
    for key, issue in corpus.issues.items():
        for bearing in issue.bearings:
            if wrong := _unfit(corpus, bearing.claim, findings):
                findings.add(issue.path, bearing.line, "reference", f"`{key}` names {wrong}")


def _check_views(corpus: Corpus, findings: Findings) -> None:
    """Every claim that story and glossary name must exist and still be made."""
    for named in corpus.views.claims:
        # What states a term may be words as well.
        if _SHORT_ID.match(named.name) and (wrong := _unfit(corpus, named.name, findings)):
            findings.add(named.path, named.line, "reference", f"{named.whose} {wrong}")


def _misfit(named: Claim | None, field: str) -> str:
    """Why an existing claim is not one that may be named in this field."""
    if named is None:
        return ""
    if field == "answers" and named.modality != "question":
        return f"`{named.short}`, which asks nothing: its modality is {named.modality}"
    if field == "compares" and not (named.full and named.full.figure):
        return f"`{named.short}`, which has no `figure`"
    return ""


def _unfit(
    corpus: Corpus, short: str, findings: Findings, *, may_be_withdrawn: bool = False
) -> str:
    """What is wrong with naming a claim: it does not exist, or is no longer made."""
    claim = corpus.claims.get(short)
    if claim is not None and claim.withdrawn and not may_be_withdrawn:
        return f"a claim that is withdrawn: `{short}`{_successor(claim)}"
    if not _may_exist(corpus, short, findings):
        return f"a claim that does not exist: `{short}`{_nearest(corpus, short)}"
    return ""


def _successor(claim: Claim) -> str:
    withdrawn = claim.full.withdrawn if claim.full else None
    if withdrawn is None or withdrawn.successor is None:
        return ""
    return f"; its successor: {claim.short_of(withdrawn.successor)}"


_SHORT_ID = re.compile(r"^[a-z0-9-]+/[a-z0-9-]+$")


def _may_exist(corpus: Corpus, short: str, findings: Findings) -> bool:
    """Whether a claim exists, or would if the faults already told were mended."""
    key, _, own = short.partition("/")
    if short in corpus.claims:
        return True
    if key in corpus.readings:
        return own in corpus.readings[key].typed_ids
    return any(Path(f.path).parts[:2] == ("seeds", key) for f in findings.of("error"))


def _nearest(corpus: Corpus, short: str) -> str:
    near = ", ".join(nearest(short, corpus.claims))
    return f"; nearest: {near}" if near else ""


def _references(claim: Claim) -> list[tuple[str, str]]:
    named = [("links", end.key) for end in (*claim.subjects, *claim.objects) if end.type == "claim"]
    named += [(kind, reason.claim) for kind, reason in claim.reasons()]
    if (form := claim.full) is not None:
        named += [("answers", reference) for reference in form.answers]
        if form.compare:
            compared = (form.compare.from_, form.compare.to)
            named += [("compares", reference) for reference in compared if reference]
        if form.withdrawn and form.withdrawn.successor:
            named.append(("is succeeded by", form.withdrawn.successor))
    return named


def _stated_by(registers: Registers, key: str) -> list[str]:
    kind = registers.type_of(key)
    if kind is None:
        return []
    entry = registers.entries[kind][key]
    facts = [entry.known] if entry.known else []
    if kind == "actor":
        ties = (*entry.broader, *entry.part_of, *entry.members, *entry.succeeds, *entry.post)
        facts += [fact.known for fact in ties if fact.known]
        facts += [day.known for day in (entry.from_, entry.until) if day and day.known]
    return [short for fact in facts for short in fact.stated or ()]
