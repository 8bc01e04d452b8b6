"""The map: its bands, and where each actor stands on it.

`map.yaml` is the one curation file that the tool writes, when it is asked to arrange the network;
so that an actor stands at the same place from build to build, nothing else ever changes it. A
corpus may do without: then every build finds the places anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

import yaml
from pydantic import (
    BeforeValidator,
    Field,
    StrictInt,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.forms import Form, Keys, OneOrMore, Ref, Words
from ccgkg.corpus.registerfiles import raw_entries
from ccgkg.corpus.registers import report
from ccgkg.corpus.vocabulary import UNSTATED
from ccgkg.corpus.yamlfile import Document, read_yaml
from ccgkg.errors import NotBuildable, SeedError, nearest

__all__ = ["MAP_FILE", "BandForm", "MapForm", "mend_map", "read_map", "write_map"]

MAP_FILE = "map.yaml"
"""Where the actors stand; a corpus may do without."""

_ACTORS_FILE = "actors.yaml"

_MOST_AWAY = 1_000_000
"""A browser draws no further out than this, in pixels."""


class BandForm(Form):
    """A horizontal band of the map, and the tiers whose actors stand in it."""

    asks: ClassVar[Mapping[str, str]] = {"tiers": "a band holds the actors of a tier or several"}
    label: Words
    tiers: Annotated[tuple[Annotated[str, Ref("tier")], ...], OneOrMore()]


def _pair(value: Any) -> Any:
    numbers = value if isinstance(value, (list, tuple)) else ()
    if len(numbers) != 2 or any(type(n) is not int or abs(n) > _MOST_AWAY for n in numbers):
        raise ValueError("a place is [x, y], two whole numbers of pixels")
    return value


Place = Annotated[tuple[StrictInt, StrictInt], BeforeValidator(_pair)]
"""Where an actor stands: pixels to the right and down."""

# Completed by editors as the key of an actor; `read_map` says what to do about one that is gone.
_PlacedKey = Annotated[str, WithJsonSchema({"type": "string", "x-key-of": "actor"})]


class MapForm(Form):
    """A whole `map.yaml`."""

    bands: tuple[BandForm, ...] = ()
    places: dict[_PlacedKey, Place] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _of_two_parts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("a map has `bands:` and `places:`")
        return value


def read_map(
    seeds: Path,
    known: Mapping[str, Collection[str]],
    homes: Mapping[str, tuple[Path, int]],
    findings: Findings,
) -> MapForm:
    """Read the map; what is wrong is added to `findings`, and no file is an empty map.

    Args:
        seeds: the folder that holds the file.
        known: keys of schemes (tiers), which the ontology declares.
        homes: file and line of each register key, those of faulty entries too.
        findings: where faults go.
    """
    path = seeds / MAP_FILE
    if not path.exists():
        return MapForm()
    try:
        document = read_yaml(path)
        form = MapForm.model_validate(document.content, context=Keys(known))
    except SeedError as error:
        findings.blame(path, "unreadable", error)
        return MapForm()
    except ValidationError as error:
        report(findings, document, error)
        return MapForm()
    _check_bands(form, document, findings)
    actors = {key for key, (home, _) in homes.items() if home.name == _ACTORS_FILE}
    for key, wrong in _misplaced(form, actors).items():
        findings.add(path, document.line(("places", key)), "place", wrong)
    return form


def _check_bands(form: MapForm, document: Document, findings: Findings) -> None:
    """A tier stands in one band."""
    first: dict[str, BandForm] = {}
    for at, band in enumerate(form.bands):
        for nth, tier in enumerate(band.tiers):
            if tier in first:
                line = document.line(("bands", at, "tiers", nth))
                message = f"tier `{tier}` stands in band “{first[tier].label}” already"
                findings.add(document.path, line, "band", message)
            first.setdefault(tier, band)


def _misplaced(form: MapForm, actors: Collection[str]) -> dict[str, str]:
    """The keys whose place is not theirs, and why."""
    first: dict[tuple[int, int], str] = {}
    wrong = {}
    for key, spot in form.places.items():
        if key not in actors and key != UNSTATED:
            near = nearest(key, actors)
            hint = f"; nearest: {', '.join(near)}" if near else ""
            wrong[key] = (
                f"`{key}` is no actor of the register{hint}; `ccgkg network --arrange` drops "
                "its place"
            )
        elif (other := first.setdefault(spot, key)) != key:
            wrong[key] = (
                f"`{key}` stands on the spot of `{other}`; `ccgkg network --arrange` finds another"
            )
    return wrong


def mend_map(seeds: Path) -> tuple[str, ...]:
    """Drop the places that are nobody's or another's, so that the corpus can be arranged.

    Nothing is written where nothing is wrong, nor where map or actors cannot be read: a build
    tells why.

    Args:
        seeds: the folder that holds map and actors.

    Returns:
        The keys whose places were dropped.

    Raises:
        NotBuildable: the file cannot be written.
    """
    path, findings = seeds / MAP_FILE, Findings(seeds)
    actors = {e.key for e in raw_entries(seeds / _ACTORS_FILE, ("actor",), {}, findings)}
    if not path.exists() or findings.found:
        return ()
    try:
        form = MapForm.model_validate(read_yaml(path).content)
    except (SeedError, ValidationError):
        return ()
    wrong = _misplaced(form, actors)
    if wrong:
        kept = {key: spot for key, spot in form.places.items() if key not in wrong}
        write_map(path, [band.model_dump() for band in form.bands], kept)
    return tuple(wrong)


_HEAD = """\
# yaml-language-server: $schema=../ontology/schemas/map.json
# Written by `ccgkg network --arrange`. `places`: where each actor stands, [x, y] in pixels to the
# right and down; an actor that has a place keeps it.
"""

_PLAIN = re.compile(r"[A-Za-z](?:[\w -]*\w)?")


def write_map(
    path: Path, bands: Sequence[Mapping[str, Any]], places: Mapping[str, Sequence[int]]
) -> None:
    """Write a map such that reading it gives the same; the same map gives the same bytes.

    Args:
        path: the file; it is replaced whole or not at all.
        bands: `label` and `tiers` of each, in their order.
        places: [x, y] of each actor, by key.

    Raises:
        ValueError: a band or place is none.
        NotBuildable: the file cannot be written.
    """
    form = MapForm.model_validate({"bands": list(bands), "places": dict(places)})
    lines = [_HEAD, "bands:" if form.bands else "bands: []"]
    for band in form.bands:
        tiers = ", ".join(map(_scalar, band.tiers))
        lines.append(f"\n- {{label: {_scalar(band.label)}, tiers: [{tiers}]}}")
    lines.append("\nplaces:" if form.places else "\nplaces: {}")
    lines += [f"\n  {_scalar(key)}: [{x}, {y}]" for key, (x, y) in sorted(form.places.items())]
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(f"{''.join(lines)}\n", encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise NotBuildable(
            f"{path}: cannot be written: {error.strerror}",
            hint="Arrange a corpus that you may change: ccgkg --corpus DIR network --arrange",
        ) from None
    finally:
        draft.unlink(missing_ok=True)


def _scalar(words: str) -> str:
    """A text in YAML, without quotes where every reader takes it for the same text."""
    if _PLAIN.fullmatch(words) and yaml.safe_load(words) == words:
        return words
    quoted: str = yaml.safe_dump(words, default_style='"', allow_unicode=True, width=10**6)
    return quoted.rstrip("\n")
