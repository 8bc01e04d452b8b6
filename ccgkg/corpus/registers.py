"""The registers that all sources share: actors, topics, works, waves, measures, times.

Each fact of an entry says how it is known: *stated* (by which claims, or in which words),
*inferred* (why) or from *outside* the sources (where).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StrictBool, ValidationError, model_validator

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import (
    LEFT_OUT,
    PATTERNS,
    Address,
    Day,
    Form,
    Keys,
    OneOrMore,
    Ref,
    Slug,
    Words,
)
from ccgkg.corpus.registerfiles import RawEntry, raw_entries
from ccgkg.corpus.vocabulary import UNSTATED
from ccgkg.corpus.yamlfile import Document, Loc

__all__ = [
    "REGISTER_FILES",
    "ActorForm",
    "KnownForm",
    "MeasureForm",
    "Registers",
    "TimeEntryForm",
    "TopicForm",
    "WaveEntryForm",
    "WorkForm",
    "WorksFile",
    "read_registers",
    "report",
]

Stated = Annotated[tuple[Words, ...], Field(min_length=1), OneOrMore()]


class KnownForm(Form):
    """How a fact is known: exactly one of the three."""

    stated: Stated | None = None
    inferred: Words | None = None
    outside: Words | None = None

    @model_validator(mode="after")
    def _one_way(self) -> KnownForm:
        if sum(v is not None for v in (self.stated, self.inferred, self.outside)) != 1:
            raise ValueError("say one of `stated:`, `inferred:` (why) or `outside:` (where)")
        return self

    @property
    def basis(self) -> str:
        """`stated`, `inferred` or `outside`."""
        return next(name for name in ("stated", "inferred", "outside") if getattr(self, name))

    @property
    def reasons(self) -> tuple[str, ...]:
        """The claims or words, the reason, or the address."""
        given = self.stated or self.inferred or self.outside or ()
        return given if isinstance(given, tuple) else (given,)


class _Fact(Form):
    """A fact of an entry with, where it differs from the entry's, how it is known."""

    stated: Stated | None = None
    inferred: Words | None = None
    outside: Words | None = None

    @model_validator(mode="after")
    def _one_way_at_most(self) -> Self:
        given = (self.stated, self.inferred, self.outside)
        if sum(value is not None for value in given) > 1:
            raise ValueError("say one of `stated:`, `inferred:` (why) or `outside:` (where)")
        return self

    @property
    def known(self) -> KnownForm | None:
        """How this fact is known, if it says so itself."""
        given = {"stated": self.stated, "inferred": self.inferred, "outside": self.outside}
        given = {name: value for name, value in given.items() if value is not None}
        return KnownForm.model_validate(given) if given else None


class ActorFact(_Fact):
    """A tie to another actor."""

    shorthand: ClassVar[str] = "actor"
    actor: Annotated[str, Ref("actor")]


class DayFact(_Fact):
    """A date of an actor's life."""

    shorthand: ClassVar[str] = "day"
    day: Day


Ties = Annotated[tuple[ActorFact, ...], OneOrMore()]
Aliases = Annotated[tuple[Words, ...], OneOrMore()]
Accept = dict[str, Words]
"""Warnings that are answered: the rule or the word in question, and the reason."""


class _Entry(Form):
    label: Words
    aliases: Aliases = ()
    note: Words | None = None
    known: KnownForm | None = None


class ActorForm(_Entry):
    """An organisation, a collective, a person, a role."""

    known: KnownForm
    kind: Annotated[str, Ref("kind")]
    tier: Annotated[str, Ref("tier")]
    named: StrictBool = True
    broader: Ties = ()
    part_of: Ties = ()
    members: Ties = ()
    succeeds: Ties = ()
    post: Ties = ()
    from_: DayFact | None = None
    until: DayFact | None = None
    accept: Accept = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ and self.until and self.from_.day > self.until.day:
            raise ValueError(f"from {self.from_.day} is after until {self.until.day}")
        return self


class TopicForm(_Entry):
    """What claims are about that is no actor."""

    broader: Annotated[tuple[Annotated[str, Ref("topic")], ...], OneOrMore()] = ()
    of: Annotated[tuple[Annotated[str, Ref("actor")], ...], OneOrMore()] = ()
    definition: Words | None = None
    accept: Accept = Field(default_factory=dict)


class MaybeSame(Form):
    """A work that may be the same, never merged."""

    work: Annotated[str, Ref("work")]
    why: Words


class WorkForm(_Entry):
    """A publication or a study."""

    type: Annotated[str, Ref("work-type")]
    by: Annotated[tuple[Annotated[str, Ref("actor")], ...], OneOrMore()] = ()
    date: Annotated[str, Field(pattern=r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$")] | int | None = None
    address: Address | None = None
    part_of: Annotated[str, Ref("work")] | None = None
    maybe_same_as: MaybeSame | None = None


class WaveEntryForm(_Entry):
    """One wave of a survey."""

    of: Annotated[str, Ref("work")]
    time: Annotated[str, Ref("time")] | None = None
    respondents: Annotated[str, Ref("actor")] | None = None
    sample_size: int | Words | None = None


class MeasureForm(_Entry):
    """What a figure counts: the wording and threshold of the question."""

    wording: Words | None = None
    scale: Words | None = None


class TimeEntryForm(_Entry):
    """A stretch of time with earliest and latest day."""

    from_: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ and self.until and self.from_ > self.until:
            raise ValueError(f"from {self.from_} is after until {self.until}")
        return self


class WorksFile(Form):
    """A whole `works.yaml`."""

    works: dict[Slug, WorkForm] = Field(default_factory=dict)
    waves: dict[Slug, WaveEntryForm] = Field(default_factory=dict)
    measures: dict[Slug, MeasureForm] = Field(default_factory=dict)


_FILES: Mapping[str, Mapping[str, type[_Entry]]] = {
    "actors.yaml": {"actor": ActorForm},
    "topics.yaml": {"topic": TopicForm},
    "works.yaml": {"work": WorkForm, "wave": WaveEntryForm, "measure": MeasureForm},
    "times.yaml": {"time": TimeEntryForm},
}


REGISTER_FILES = tuple(_FILES)
"""The files that hold registers."""


@dataclass(frozen=True)
class Registers:
    """All register entries, by key.

    Attributes:
        entries: for each register (`actor`, `topic`, `work`, `wave`, `measure`, `time`)
            its entries by key.
        places: file and line of each key.
    """

    entries: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, tuple[Path, int]]

    @property
    def actors(self) -> Mapping[str, ActorForm]:
        """The register of actors."""
        return self.entries["actor"]

    @property
    def topics(self) -> Mapping[str, TopicForm]:
        """The register of topics."""
        return self.entries["topic"]

    @property
    def works(self) -> Mapping[str, WorkForm]:
        """The register of works."""
        return self.entries["work"]

    def type_of(self, key: str) -> str | None:
        """Which register a key belongs to."""
        return next((kind for kind, entries in self.entries.items() if key in entries), None)

    def label(self, key: str) -> str:
        """The label of a key in any register."""
        kind = self.type_of(key)
        return str(self.entries[kind][key].label) if kind else key

    def actor_names(self) -> tuple[str, ...]:
        """Labels and aliases of all actors, longest first."""
        names = {n for actor in self.actors.values() for n in (actor.label, *actor.aliases)}
        return tuple(sorted(names, key=lambda n: (-len(n), n)))


_RULES = {"extra_forbidden": "field-unknown", "missing": "field-missing", LEFT_OUT: "field-missing"}
"""The rule that is broken, by pydantic's type of error, where it is not the value."""


def report(findings: Findings, document: Document, error: ValidationError, at: Loc = ()) -> None:
    """Turn pydantic's errors into findings with file and line."""
    for problem in error.errors(include_url=False):
        loc = (*at, *problem["loc"])
        if "says" in loc and loc not in document.lines:
            # A claim beside its quote is read as the only one under `says`.
            where = loc.index("says")
            flat = loc[:where] + loc[where + 2 :]
            loc = flat if flat[: where + 1] in document.lines else loc
        known = [part for part in loc[len(at) :] if isinstance(part, str)]
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = f"unknown field `{loc[-1]}`"
        elif problem["type"] == "string_pattern_mismatch":
            form = PATTERNS.get(problem["ctx"]["pattern"], "the form that is wanted")
            message = f"{'.'.join(known)}: `{problem['input']}` is not {form}"
        elif problem["type"] == "missing":
            message = f"`{loc[-1]}` is missing"
        elif known:
            message = f"{'.'.join(known)}: {message}"
        rule = _RULES.get(problem["type"], "field-value")
        findings.add(document.path, document.line(loc), rule, message)


def read_registers(
    seeds: Path, known: Mapping[str, Collection[str]], findings: Findings
) -> Registers:
    """Read all registers; what is wrong is added to `findings`.

    Args:
        seeds: the folder that holds the register files.
        known: keys of schemes (kinds, tiers …), which the ontology declares.
        findings: where faults go.
    """
    raw: dict[str, dict[str, Any]] = {kind: {} for kinds in _FILES.values() for kind in kinds}
    homes: dict[str, RawEntry] = {}
    places: dict[str, tuple[Path, int]] = {}
    for name, kinds in _FILES.items():
        for entry in raw_entries(seeds / name, kinds, places, findings):
            raw[entry.kind][entry.key] = entry.value
            homes[entry.key] = entry
    raw["actor"].setdefault(
        UNSTATED,
        {
            "label": "an unstated agent",
            "kind": "unnamed-voice",
            "tier": "observer",
            "named": False,
            "known": {"inferred": "reserved: stands for whoever a source leaves unsaid"},
        },
    )
    keys = Keys({**known, **raw})
    entries: dict[str, dict[str, Any]] = {kind: {} for kind in raw}
    for kinds in _FILES.values():
        for kind, form in kinds.items():
            for key, value in raw[kind].items():
                try:
                    entries[kind][key] = form.model_validate(value, context=keys)
                except ValidationError as error:
                    report(findings, homes[key].document, error, homes[key].loc)
    registers = Registers(entries, places)
    _check_ties(registers, findings)
    return registers


def _check_ties(registers: Registers, findings: Findings) -> None:
    """No actor or topic succeeds, contains or narrows itself, at whatever distance."""
    for tie in ("succeeds", "part_of", "broader"):
        edges = {
            key: [fact.actor for fact in getattr(actor, tie)]
            for key, actor in registers.actors.items()
        }
        _check_acyclic(registers, findings, tie.replace("_", "-"), edges)
    if not any(finding.rule == "cycle" for finding in findings.found):
        above = {
            key: [tie.actor for tie in (*a.broader, *a.part_of, *a.post, *a.members)]
            for key, a in registers.actors.items()
        }
        _check_acyclic(registers, findings, "broader, part-of, post and members", above)
    topics = {key: list(topic.broader) for key, topic in registers.topics.items()}
    _check_acyclic(registers, findings, "broader", topics)


def _check_acyclic(
    registers: Registers, findings: Findings, tie: str, edges: Mapping[str, list[str]]
) -> None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        path, line = registers.places.get(cycle[0], (findings.root, 0))
        findings.add(
            path, line, "cycle", f"a cycle in {tie}: {' → '.join(cycle)}; mend one of these entries"
        )
