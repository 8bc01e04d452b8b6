"""What the pages show beside the claims: the map, the story, the glossary.

The story is a row of saved views that leads a newcomer through the corpus; every sentence of its
captions names the claims on which it rests. The glossary says what the terms of the sources stand
for, and how that is known. A corpus may do without each of the three.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import ValidationError

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Form, Keys, OneOrMore, Ref, ShortId, Words
from ccgkg.corpus.mapfile import MAP_FILE, MapForm, read_map
from ccgkg.corpus.registerfiles import RawEntry, entries_of, raw_entries
from ccgkg.corpus.registers import KnownForm, report

__all__ = [
    "GLOSSARY_FILE",
    "STORY_FILE",
    "VIEW_FILES",
    "Reference",
    "SceneForm",
    "TermForm",
    "Views",
    "read_views",
]

STORY_FILE = "story.yaml"
GLOSSARY_FILE = "glossary.yaml"
VIEW_FILES = (MAP_FILE, STORY_FILE, GLOSSARY_FILE)
"""The files that pages are made from beside the claims."""


class SentenceForm(Form):
    """One sentence of a caption, and the claims on which it rests."""

    asks: ClassVar[Mapping[str, str]] = {
        "claims": "each sentence of a caption rests on claims, `source-key/claim-id`"
    }
    says: Words
    claims: Annotated[tuple[ShortId, ...], OneOrMore()]


class SceneForm(Form):
    """One saved view of the story: what is shown, and what a newcomer sees in it."""

    asks: ClassVar[Mapping[str, str]] = {
        "caption": "a list of sentences, each with `says:` and `claims:`"
    }
    title: Words
    lens: Words | None = None
    focus: Annotated[str, Ref("actor")] | None = None
    claim: ShortId | None = None
    caption: Annotated[tuple[SentenceForm, ...], OneOrMore()]


class TermForm(KnownForm):
    """A term as the sources print it: what it stands for, what it means, how that is known."""

    stands_for: Words
    means: Words
    thing: Annotated[str, Ref("entry")] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """That a scene or term names something which is not in the registers.

    Attributes:
        whose: who names it and how, as a finding begins.
        name: the short id of a claim, or the name of a lens.
        path, line: where.
    """

    whose: str
    name: str
    path: Path
    line: int


@dataclass(frozen=True)
class Views:
    """What the pages show beside the claims.

    Attributes:
        map: bands and places.
        story: its scenes by key, in the order told.
        glossary: by term.
        claims, lenses: every claim and lens that story and glossary name.
    """

    map: MapForm = field(default_factory=MapForm)
    story: Mapping[str, SceneForm] = field(default_factory=dict)
    glossary: Mapping[str, TermForm] = field(default_factory=dict)
    claims: tuple[Reference, ...] = ()
    lenses: tuple[Reference, ...] = ()


def read_views(
    seeds: Path,
    known: Mapping[str, Collection[str]],
    homes: Mapping[str, tuple[Path, int]],
    findings: Findings,
) -> Views:
    """Read map, story and glossary; what is wrong is added to `findings`.

    Args:
        seeds: the folder that holds the files.
        known: keys of registers and schemes.
        homes: file and line of each register key, those of faulty entries too.
        findings: where faults go.
    """
    keys = Keys(known)
    # A scene may have the key of an actor: the two are never named in one place.
    scenes = raw_entries(seeds / STORY_FILE, ("scene",), {}, findings)
    terms = entries_of(seeds / GLOSSARY_FILE, ("term",), findings)
    story = dict(_valid(SceneForm, scenes, keys, findings))
    glossary = dict(_valid(TermForm, terms, keys, findings))
    told = [(entry, story[entry.key]) for entry in scenes if entry.key in story]
    explained = [(entry, glossary[entry.key]) for entry in terms if entry.key in glossary]
    return Views(
        map=read_map(seeds, known, homes, findings),
        story=story,
        glossary=glossary,
        claims=(
            *(reference for entry, scene in told for reference in _claims_of_scene(entry, scene)),
            *(reference for entry, term in explained for reference in _claims_of_term(entry, term)),
        ),
        lenses=tuple(
            _reference(entry, "shows", scene.lens, "lens") for entry, scene in told if scene.lens
        ),
    )


_AnyForm = TypeVar("_AnyForm", bound=Form)


def _valid(
    form: type[_AnyForm], entries: list[RawEntry], keys: Keys, findings: Findings
) -> Iterator[tuple[str, _AnyForm]]:
    for entry in entries:
        try:
            yield entry.key, form.model_validate(entry.value, context=keys)
        except ValidationError as error:
            report(findings, entry.document, error, entry.loc)


def _claims_of_scene(entry: RawEntry, scene: SceneForm) -> Iterator[Reference]:
    if scene.claim:
        yield _reference(entry, "shows", scene.claim, "claim")
    for at, sentence in enumerate(scene.caption):
        for claim in sentence.claims:
            yield _reference(entry, "names", claim, "caption", at, "claims")


def _claims_of_term(entry: RawEntry, term: TermForm) -> Iterator[Reference]:
    for words in term.stated or ():
        yield _reference(entry, "rests on", words, "stated")


def _reference(entry: RawEntry, how: str, name: str, *loc: str | int) -> Reference:
    line = entry.document.line((*entry.loc, *loc))
    return Reference(f"`{entry.key}` {how}", name, entry.document.path, line)
