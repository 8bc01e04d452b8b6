"""References: every claim that a claim, register, issue or view names exists, and is still made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ccgkg.corpus.accounts import Told, Whole
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.registers import Registers
from ccgkg.errors import nearest

__all__ = ["MANY", "check_references"]

MANY = 10_000
"""Claims among which a name like another one is looked for. Of more only those of the sources whose
keys are most alike: a tenth of a second for each fault is enough."""


def check_references(whole: Whole, findings: Findings) -> None:
    """Note every name of a claim that does not exist, is withdrawn or is of the wrong kind."""
    _check_claims(whole, findings)
    _check_entries(whole, findings)
    _check_bearings(whole, findings)
    _check_views(whole, findings)


def _check_claims(whole: Whole, findings: Findings) -> None:
    """Every claim that another claim names must exist."""
    for account in whole.accounts.values():
        for claim in account.claims:
            own = claim.short.partition("/")[2]
            for field, short in claim.names:
                # What is no longer made may name what is no longer made either.
                wrong = (
                    "itself"
                    if short == claim.short
                    else _unfit(whole, short, findings, may_be_withdrawn=claim.withdrawn)
                    or _misfit(whole.claims.get(short), field)
                )
                if wrong:
                    path = account.folder / "claims.yaml"
                    findings.add(path, claim.line, "reference", f"`{own}` {field} {wrong}")


def _check_entries(whole: Whole, findings: Findings) -> None:
    """Every claim that a register rests on must exist and still be made."""
    registers = whole.shared.corpus.registers
    for key, (path, line) in registers.places.items():
        for short in _stated_by(registers, key):
            if _SHORT_ID.match(short) and (wrong := _unfit(whole, short, findings)):
                findings.add(path, line, "reference", f"`{key}` rests on {wrong}")


def _check_bearings(whole: Whole, findings: Findings) -> None:
    """Every claim that bears on an issue must exist and still be made."""
    for key, issue in whole.shared.corpus.issues.items():
        for bearing in issue.bearings:
            if wrong := _unfit(whole, bearing.claim, findings):
                findings.add(issue.path, bearing.line, "reference", f"`{key}` names {wrong}")


def _check_views(whole: Whole, findings: Findings) -> None:
    """Every claim that story and glossary name must exist and still be made."""
    for named in whole.shared.corpus.views.claims:
        # What states a term may be words as well.
        if _SHORT_ID.match(named.name) and (wrong := _unfit(whole, named.name, findings)):
            findings.add(named.path, named.line, "reference", f"{named.whose} {wrong}")


def _misfit(named: Told | None, field: str) -> str:
    """Why an existing claim is not one that may be named in this field."""
    if named is None:
        return ""
    if field == "answers" and named.modality != "question":
        return f"`{named.short}`, which asks nothing: its modality is {named.modality}"
    if field == "compares" and not named.counts:
        return f"`{named.short}`, which has no `figure`"
    return ""


def _unfit(whole: Whole, short: str, findings: Findings, *, may_be_withdrawn: bool = False) -> str:
    """What is wrong with naming a claim: it does not exist, or is no longer made."""
    claim = whole.claims.get(short)
    if claim is not None and claim.withdrawn and not may_be_withdrawn:
        successor = f"; its successor: {claim.successor}" if claim.successor else ""
        return f"a claim that is withdrawn: `{short}`{successor}"
    if not _may_exist(whole, short, findings):
        return f"a claim that does not exist: `{short}`{_nearest(whole, short)}"
    return ""


_SHORT_ID = re.compile(r"^[a-z0-9-]+/[a-z0-9-]+$")


def _may_exist(whole: Whole, short: str, findings: Findings) -> bool:
    """Whether a claim exists, or would if the faults already told were mended."""
    key, _, own = short.partition("/")
    if short in whole.claims:
        return True
    account = whole.accounts.get(key)
    if account is not None and account.typed_ids is not None:
        return own in account.typed_ids
    return any(Path(f.path).parts[:2] == ("seeds", key) for f in findings.of("error"))


def _nearest(whole: Whole, short: str) -> str:
    known: Iterable[str] = whole.claims
    if len(whole.claims) > MANY:
        keys = nearest(short.partition("/")[0], whole.accounts)
        known = [claim.short for key in keys for claim in whole.accounts[key].claims]
    near = ", ".join(nearest(short, known))
    return f"; nearest: {near}" if near else ""


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
