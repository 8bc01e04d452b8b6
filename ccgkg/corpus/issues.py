"""Issues: questions on which several claims bear, and the side that each takes.

Claims that answer one question differently would have to dispute each other in pairs; an issue
lays each of them once beside the question, with the curator's reason. A claim takes one side of
an issue, and may bear on several.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ValidationError, model_validator

from ccgkg.corpus.entries import Things
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Form, Keys, OneOrMore, ShortId, Words
from ccgkg.corpus.registerfiles import RawEntry, raw_entries
from ccgkg.corpus.registers import report

__all__ = ["ISSUES_FILE", "SIDES", "Bearing", "Issue", "IssueForm", "read_issues"]

ISSUES_FILE = "issues.yaml"
"""The register of issues; a corpus may do without."""

SIDES = ("for", "against", "qualifies")
"""The sides of an issue, as fields of its entry."""


class BearingForm(Form):
    """A claim that bears on an issue, with the reason."""

    claim: ShortId
    why: Words


Bearings = Annotated[tuple[BearingForm, ...], OneOrMore()]


class IssueForm(Form):
    """A question, and the claims on each side of it."""

    label: Words
    about: Things = ()
    for_: Bearings = ()
    against: Bearings = ()
    qualifies: Bearings = ()
    note: Words | None = None

    @model_validator(mode="after")
    def _several(self) -> IssueForm:
        if len(self.for_ + self.against + self.qualifies) < 2:
            listed = ", ".join(f"`{side}:`" for side in SIDES)
            raise ValueError(f"at least two claims bear on an issue; list them under {listed}")
        return self


@dataclass(frozen=True, slots=True)
class Bearing:
    """That a claim bears on an issue.

    Attributes:
        side: `for`, `against` or `qualifies`.
        claim: the claim's short id.
        why: the curator's reason.
        line: 1-based line in the file.
    """

    side: str
    claim: str
    why: str
    line: int


@dataclass(frozen=True)
class Issue:
    """A question on which claims bear.

    Attributes:
        form: the fields as curated.
        bearings: one for each claim, side by side, in the order of the file.
        path, line: where it stands.
    """

    form: IssueForm
    bearings: tuple[Bearing, ...]
    path: Path
    line: int


def read_issues(
    seeds: Path,
    known: Mapping[str, Collection[str]],
    places: Mapping[str, tuple[Path, int]],
    findings: Findings,
) -> dict[str, Issue]:
    """Read the issues by key; what is wrong is added to `findings`.

    Args:
        seeds: the folder that holds the register files.
        known: keys of the other registers.
        places: file and line of those keys; none may be the key of an issue too.
        findings: where faults go.
    """
    issues = {}
    for entry in raw_entries(seeds / ISSUES_FILE, ("issue",), dict(places), findings):
        try:
            form = IssueForm.model_validate(entry.value, context=Keys(known))
        except ValidationError as error:
            report(findings, entry.document, error, entry.loc)
            continue
        bearings = tuple(_bearings(form, entry))
        _check_sides(entry, bearings, findings)
        issues[entry.key] = Issue(form, bearings, entry.document.path, entry.line)
    return issues


def _bearings(form: IssueForm, entry: RawEntry) -> Iterator[Bearing]:
    for side, listed in zip(SIDES, (form.for_, form.against, form.qualifies), strict=True):
        for place, bearing in enumerate(listed):
            line = entry.document.line((*entry.loc, side, place))
            yield Bearing(side, bearing.claim, bearing.why, line)


def _check_sides(entry: RawEntry, bearings: tuple[Bearing, ...], findings: Findings) -> None:
    """A claim takes one side, and takes it once."""
    first: dict[str, Bearing] = {}
    for bearing in bearings:
        known = first.setdefault(bearing.claim, bearing)
        if known is not bearing:
            findings.add(
                entry.document.path,
                bearing.line,
                "claim-twice",
                f"`{bearing.claim}` bears on `{entry.key}` already, under `{known.side}:` on line "
                f"{known.line}; a claim takes one side of an issue, once",
            )
