"""The rules that `ccgkg check` knows: what breaks each, how much it matters, what to do.

One table, from which a finding takes its level and `ccgkg check --explain` its text. Every
rule that the code raises stands here, and every rule here is raised by the code.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ccgkg.errors import UsageError, nearest

__all__ = [
    "ALL",
    "LEAST_CLAIMS",
    "LEVELS",
    "MOST_CLAIMS",
    "MOST_SHARE",
    "RULES",
    "Level",
    "Rule",
    "explained",
    "listed",
    "rules_accepted_in",
]

Level = Literal["error", "warning", "note"]

LEVELS: Mapping[Level, str] = {
    "error": "stops the build",
    "warning": "changes the exit code until it is mended or accepted",
    "note": "is only told",
}
"""What a finding of each level does."""

Place = Literal["", "claim", "entry", "source.yaml", "corpus.yaml"]

ALL = "all"
"""Stands for every rule, where the name of one is asked for."""

MOST_CLAIMS = 5
"""More claims than this on one quote are a sign that it could be cut."""

MOST_SHARE = 0.1
"""A relation that carries more than this share of the claims says too little …"""

LEAST_CLAIMS = 50
"""… unless there are fewer claims than this: then the share says nothing."""

_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and what to do about a breach.

    Attributes:
        name: as it stands in brackets behind a finding.
        level: error, warning or note.
        means: what breaks it.
        remedy: what to do.
        accept: where an `accept:` may answer it; empty if nowhere.
        key: what may be the key there, for that one alone: the word, name … asked about.
    """

    name: str
    level: Level
    means: str
    remedy: str
    accept: Place = ""
    key: str = ""

    @property
    def by_name(self) -> bool:
        """Whether the rule's own name may stand in `accept:` (errors want the very word)."""
        return bool(self.accept) and self.level == "warning"


_ERRORS = (
    Rule(
        "accept-unused",
        "error",
        "An `accept:` answers what nothing asks.",
        "Delete it, or write it as it is asked: the word in question, or for a warning the name "
        "of the rule.",
    ),
    Rule(
        "band",
        "error",
        "A tier stands in two bands of the map.",
        "Leave it in one; the actors of a tier stand together.",
    ),
    Rule(
        "boilerplate",
        "error",
        "A claim rests on boilerplate, which is no evidence.",
        "Quote the text itself, or delete the claim.",
    ),
    Rule(
        "chain",
        "error",
        "Nobody says a claim: it has no chain, and its region no voice.",
        "Give the claim a `chain:`, or the region a voice under `voices:`.",
    ),
    Rule(
        "claim-twice",
        "error",
        "A claim stands twice on one issue.",
        "Leave it on the one side that it takes.",
    ),
    Rule(
        "cycle",
        "error",
        "An actor or topic succeeds, contains or narrows itself, at whatever distance.",
        "Mend one of the entries that are named.",
    ),
    Rule(
        "declared-none",
        "error",
        "A sentence carries a claim and is also declared to make none.",
        "Delete one of the two entries.",
    ),
    Rule(
        "edge",
        "error",
        "An end of an edge is unknown, missing, or of a type that the relation does not take.",
        "`ccgkg terms relation` shows the relations; register the actor, topic or work that is "
        "missing.",
    ),
    Rule(
        "elision",
        "error",
        "Words left out of a quote hold a negation, hedge, condition, speech verb or other actor.",
        "Quote them as well, or accept each word with the reason why it changes nothing.",
        accept="claim",
        key="word",
    ),
    Rule(
        "field-missing",
        "error",
        "A field that is needed is not there.",
        "Add it; `seeds/README.md` has the form of each entry.",
    ),
    Rule(
        "field-unknown",
        "error",
        "A field has a name that nobody reads.",
        "Mend the name, or delete the field.",
    ),
    Rule(
        "field-value",
        "error",
        "A field holds what it may not: an unknown key, or words of the wrong form.",
        "Take the nearest key or the form that the finding names.",
    ),
    Rule(
        "heading",
        "error",
        "A claim of the text rests on a heading alone.",
        "Quote the text; or, where it is what the heading says, name the heading in the chain: "
        "`chain: [{who: …, in: headline}]`.",
    ),
    Rule(
        "id-twice",
        "error",
        "Two claims of one file have the same id.",
        "Give the newer one an id of its own: an id in use is never changed.",
    ),
    Rule(
        "insertion",
        "error",
        "Words in brackets add a negation, a hedge or a condition.",
        "Insert only what a pronoun means.",
    ),
    Rule(
        "key",
        "error",
        "A key is not in lower-case letters, digits and single hyphens, or the key of a source "
        "is not the name of its folder.",
        "Write it as `nhs-england`, or rename the folder.",
    ),
    Rule(
        "key-twice",
        "error",
        "One key stands for two things.",
        "Give one of them another key: a key is used once in all registers together.",
    ),
    Rule(
        "lever",
        "error",
        "A lever stands where no actor works on another, or two stand where one may.",
        "Take at most one instrument and one effect, and only between actors.",
    ),
    Rule(
        "mirror",
        "error",
        "A source that prints another's article lacks words of a claim, or prints what it is "
        "said to lack.",
        "Give its words under `renderings:`, or name the claim in `absent:`.",
    ),
    Rule(
        "no-source",
        "error",
        "The corpus holds no source.",
        "Make a folder below `seeds/` with `source.txt` and `source.yaml`.",
    ),
    Rule(
        "not-a-register",
        "error",
        "A register is not a mapping of keys to entries.",
        "Write `key: {label: …}`, one entry for each key.",
    ),
    Rule(
        "not-claims",
        "error",
        "A claims file lacks its head or its list of claims.",
        "Begin it with `source:`, `voices:` and `claims:`.",
    ),
    Rule(
        "place",
        "error",
        "A place on the map belongs to no actor, or two actors stand on one spot.",
        "Run `ccgkg network --arrange`: it drops such places, and finds one for each actor that "
        "has none.",
    ),
    Rule(
        "quote-ambiguous",
        "error",
        "A quote stands in the text more than once.",
        "Say which with `occurrence:`, `prefix:` or `suffix:`.",
    ),
    Rule(
        "quote-drifted",
        "error",
        "A quote is only like something in the text.",
        "Copy it from `source.txt`; the finding shows the nearest passage and what differs.",
    ),
    Rule(
        "quote-lost",
        "error",
        "A quote is nowhere in the text, or has fewer than three words.",
        "Copy it from `source.txt`, three words or more.",
    ),
    Rule(
        "quote-sentences",
        "error",
        "A quote runs over several sentences.",
        "Quote each sentence by itself, the second under `also:`.",
    ),
    Rule(
        "reference",
        "error",
        "A claim, register entry, issue, scene or term names a claim that does not exist, is "
        "withdrawn, is the claim itself, or is of the wrong kind (an answer needs a question, a "
        "comparison figures); or a scene shows a lens that does not exist.",
        "Take the nearest name that the finding gives; a claim is `source-key/claim-id`.",
    ),
    Rule(
        "region",
        "error",
        "A region is not found in the text, has the name of another, or overlaps it.",
        "Mend its words in `source.yaml`.",
    ),
    Rule(
        "sentence",
        "error",
        "A negation, hedge, condition or speech verb stands in the sentence outside the passage, "
        "and the claim carries it nowhere.",
        "Quote more; say it in `denied`, `hedge`, `if`, `unless` or `chain`; or accept the word "
        "with the reason why it changes nothing.",
        accept="claim",
        key="word",
    ),
    Rule(
        "sentences",
        "error",
        "The pinned sentences do not fit the text.",
        "Mend `sentences.yaml`, or delete it and run `ccgkg check --pin`.",
    ),
    Rule(
        "shape",
        "error",
        "The dataset breaks a shape of `ontology/shapes.ttl`.",
        "Mend the entry that is named; the shape's message says what must hold.",
    ),
    Rule(
        "text-changed",
        "error",
        "A text is not the one that was curated: its SHA-256 differs.",
        "Put the original file back, or check every quote and record the new digest.",
    ),
    Rule(
        "unknown-section",
        "error",
        "A register file has a section that nobody reads.",
        "Take one of the sections that the finding names.",
    ),
    Rule(
        "unreadable",
        "error",
        "A file is missing, empty, too large, not UTF-8 or not YAML.",
        "Mend the line that is named.",
    ),
)

_WARNINGS = (
    Rule(
        "alias-shared",
        "warning",
        "Two actors, or two topics, have a label or alias in common, but for case, typography, "
        "article or plural.",
        "Leave the name to the one that it names, and give the other a longer one.",
        accept="entry",
        key="name",
    ),
    Rule(
        "crowded-passage",
        "warning",
        f"One quote carries more than {MOST_CLAIMS} claims.",
        "Give each claim the shortest passage that carries it whole.",
        accept="claim",
    ),
    Rule(
        "dustbin",
        "warning",
        f"One relation carries more than {MOST_SHARE:.0%} of the claims (asked of {LEAST_CLAIMS} "
        "claims or more): it says too little.",
        "Take narrower relations, or declare them.",
        accept="corpus.yaml",
        key="relation",
    ),
    Rule(
        "not-printed",
        "warning",
        "A claim gives words as the source's own (in `hedge`, `chain`, `figure`, `time`, `extent`, "
        "or as the object of a relation such as “is”) that stand in no sentence of its passages "
        "or context.",
        "Copy them from the text; `…` may stand for words left out.",
        accept="claim",
        key="words",
    ),
    Rule(
        "figure-value",
        "warning",
        "The value of a figure is none of the numbers that its words print, or no share at all.",
        "Take the value from the words: a share between 0 and 1, or between 0 and 100 per cent.",
        accept="claim",
    ),
    Rule(
        "figure-unstructured",
        "warning",
        "A number, percentage, sum of money or fraction stands in a passage, and no claim on it "
        "has it in `figure`. Years, dates and numbers that belong to a registered name are none.",
        "Give one of the claims a `figure:` whose `said` holds it.",
        accept="claim",
        key="number",
    ),
    Rule(
        "hedge-missing",
        "warning",
        "A hedge stands in a passage, and the claim carries it nowhere: not in `hedge`, not in "
        "the words of its chain, nor by a modality or comparison that says as much.",
        "Say it in `hedge:`, or quote less.",
        accept="claim",
        key="word",
    ),
    Rule(
        "negation-one-sided",
        "warning",
        "A negation stands in the passage of a claim that denies nothing, or a claim is `denied` "
        "and neither passage nor context holds a negation. Relations that negate by themselves "
        "(`ccg:carries` in the ontology) are not asked.",
        "Say `denied: true`, quote less, or quote the words that deny.",
        accept="claim",
        key="word",
    ),
    Rule(
        "no-claim-share",
        "warning",
        "Too large a share of the words of body and comments is declared no claim.",
        "Read the declared sentences again: what asserts, asks or urges is a claim.",
        accept="source.yaml",
    ),
    Rule(
        "not-curated",
        "warning",
        "A source has no claims yet.",
        "Write its `claims.yaml`.",
        accept="source.yaml",
    ),
    Rule(
        "not-pinned",
        "warning",
        "The sentence boundaries of a source are not pinned.",
        "Run `ccgkg check --pin` once, and correct `sentences.yaml` by hand.",
        accept="source.yaml",
    ),
    Rule(
        "sentence-open",
        "warning",
        "A sentence carries no claim and no reason why not.",
        "Write its claims, or declare it with `no-claim:`.",
        accept="source.yaml",
    ),
    Rule(
        "speaker-missing",
        "warning",
        "A registered actor stands directly before or after a speech verb of a passage (“X "
        "said”, “said X”) and is in no link of the chain.",
        "Put the speaker into the chain, or quote less.",
        accept="claim",
        key="name",
    ),
    Rule(
        "stray-file",
        "warning",
        "A file lies in `seeds/` that nobody reads.",
        "Mend its name, or move it.",
    ),
    Rule(
        "unmentioned",
        "warning",
        "Neither passage nor context of a claim names its subject or its object by label or alias.",
        "Quote more, show in `context:` whom or what the words mean, or add the words to the "
        "entry's `aliases`.",
        accept="claim",
    ),
    Rule(
        "unused-actor",
        "warning",
        "An actor is named by no claim, chain, register or source.",
        "Delete the entry, or curate what it was made for.",
        accept="entry",
    ),
    Rule(
        "unused-topic",
        "warning",
        "A topic is named by no claim or register.",
        "Delete the entry, or curate what it was made for.",
        accept="entry",
    ),
    Rule(
        "words-outside",
        "warning",
        "Too large a share of the words of claim-bearing sentences stands inside no passage.",
        "Read what stands outside: it may be a claim of its own.",
        accept="source.yaml",
    ),
)

_NOTES = (
    Rule(
        "unused-relation",
        "note",
        "A relation of the corpus's own vocabulary is used by no claim.",
        "Leave it for sources to come, or take it out of the ontology.",
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in (*_ERRORS, *_WARNINGS, *_NOTES)}
"""Every rule, by name."""

_ACCEPTED: Mapping[Place, str] = {
    "claim": "in the claim",
    "entry": "in the register entry",
    "source.yaml": "in source.yaml",
    "corpus.yaml": "in corpus.yaml",
}


def rules_accepted_in(place: Place) -> frozenset[str]:
    """The rules that an `accept:` at this place may answer by their name."""
    return frozenset(name for name, rule in RULES.items() if rule.by_name and rule.accept == place)


def explained(name: str) -> str:
    """What a rule means and what to do about a breach, for people.

    Raises:
        UsageError: there is no such rule; the nearest are named.
    """
    rule = RULES.get(name)
    if rule is None:
        near = ", ".join(nearest(name, RULES))
        hint = f"Nearest: {near}. " if near else ""
        raise UsageError(
            f"no rule is called `{name}`",
            hint=f"{hint}All of them: ccgkg check --explain {ALL}",
        )
    told = [rule.means, f"What to do: {rule.remedy}"]
    if rule.by_name:
        alone = f"; or with the {rule.key} as the key, for that one alone" if rule.key else ""
        told.append(f"To accept: `accept: {{{name}: why}}` {_ACCEPTED[rule.accept]}{alone}.")
    elif rule.accept:
        told.append(f"To accept: `accept:` {_ACCEPTED[rule.accept]}, with the {rule.key} as key.")
    wrap = textwrap.TextWrapper(
        _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
    )
    head = f"{rule.name}: {rule.level}, {LEVELS[rule.level]}"
    return "\n".join([head, *map(wrap.fill, told)])


def listed() -> Iterator[tuple[str, Level, str]]:
    """Name, level and meaning of every rule, by level and name."""
    order = list(LEVELS)
    for rule in sorted(RULES.values(), key=lambda rule: (order.index(rule.level), rule.name)):
        yield rule.name, rule.level, rule.means
