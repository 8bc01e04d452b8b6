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
from ccgkg.corpus.registers import report
from ccgkg.corpus.yamlfile import Document, read_yaml
from ccgkg.errors import NotBuildable, SeedError, nearest

__all__ = ["MAP_FILE", "BandForm", "MapForm", "read_map", "write_map"]

MAP_FILE = "map.yaml"
"""Where the actors stand; a corpus may do without."""

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
        known: keys of registers and schemes.
        homes: file and line of each key, those of faulty entries too.
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
    # An actor whose entry is faulty is still one: its place is not stale.
    faulty = {key for key, (home, _) in homes.items() if home.name == "actors.yaml"}
    _check_places(form, {*known["actor"], *faulty}, document, findings)
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


def _check_places(
    form: MapForm, actors: Collection[str], document: Document, findings: Findings
) -> None:
    """A place belongs to an actor of the register, and to no other one."""
    first: dict[tuple[int, int], str] = {}
    for key, spot in form.places.items():
        wrong = ""
        if key not in actors:
            near = nearest(key, actors)
            hint = f"; nearest: {', '.join(near)}" if near else ""
            wrong = (
                f"`{key}` is no actor of the register{hint}; `ccgkg network --arrange` drops "
                "its place"
            )
        elif (other := first.setdefault(spot, key)) != key:
            line = document.line(("places", other))
            wrong = f"`{key}` stands on the spot of `{other}` (line {line})"
        if wrong:
            findings.add(document.path, document.line(("places", key)), "place", wrong)


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
