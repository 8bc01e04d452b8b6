"""The one curation file that the tool writes reads back the same, or is not written at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.mapfile import MAP_FILE, MapForm, mend_map, read_map, write_map
from ccgkg.errors import NotBuildable

BANDS = [
    {"label": "National", "tiers": ["national", "government"]},
    {"label": "The public: you", "tiers": ["local"]},
]
PLACES = {"nhs-england": [120, -40], "111": (3, 4), "null": [0, 0], "area-teams": [0, 1]}
WRITTEN = """\
bands:
- {label: National, tiers: [national, government]}
- {label: "The public: you", tiers: [local]}
places:
  "111": [3, 4]
  area-teams: [0, 1]
  nhs-england: [120, -40]
  "null": [0, 0]
"""


def read(path: Path, bands: list[dict[str, Any]], places: dict[str, Any]) -> MapForm:
    known = {"tier": {tier for band in bands for tier in band["tiers"]}}
    homes = dict.fromkeys(places, (path.parent / "actors.yaml", 1))
    findings = Findings(path.parent)
    form = read_map(path.parent, known, homes, findings)
    assert [str(finding) for finding in findings.found] == []
    return form


def test_it_is_sorted_says_who_wrote_it_and_names_its_schema(tmp_path: Path) -> None:
    write_map(tmp_path / MAP_FILE, BANDS, PLACES)
    lines = (tmp_path / MAP_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[0] == "# yaml-language-server: $schema=../ontology/schemas/map.json\n"
    assert "Written by `ccgkg network --arrange`" in lines[1]
    assert "".join(line for line in lines if line[0] != "#") == WRITTEN


def test_the_order_of_the_places_makes_no_difference(tmp_path: Path) -> None:
    write_map(tmp_path / "one", BANDS, PLACES)
    write_map(tmp_path / "two", BANDS, dict(reversed(PLACES.items())))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_an_empty_map_is_one_too(tmp_path: Path) -> None:
    write_map(tmp_path / MAP_FILE, [], {})
    assert read(tmp_path / MAP_FILE, [], {}) == MapForm()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    str.strip
)
KEYS = st.from_regex(r"[a-z0-9]{1,6}(?:-[a-z0-9]{1,6})?", fullmatch=True)
NUMBERS = st.integers(-1_000_000, 1_000_000)
SPOTS = st.lists(st.tuples(NUMBERS, NUMBERS), unique=True, max_size=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    labels=st.lists(WORDS, max_size=4),
    keys=st.lists(KEYS, unique=True, min_size=4, max_size=20),
    spots=SPOTS,
)
def test_what_is_written_is_read(
    labels: list[str], keys: list[str], spots: list[tuple[int, int]], tmp_path: Path
) -> None:
    tiers = iter(keys)
    bands = [{"label": label.strip(), "tiers": [next(tiers)]} for label in labels]
    places = dict(zip(keys, spots, strict=False))
    write_map(tmp_path / MAP_FILE, bands, places)
    form = read(tmp_path / MAP_FILE, bands, places)
    assert [{"label": b.label, "tiers": list(b.tiers)} for b in form.bands] == bands
    assert form.places == places
    written = (tmp_path / MAP_FILE).read_bytes()
    write_map(tmp_path / MAP_FILE, [b.model_dump() for b in form.bands], form.places)
    assert (tmp_path / MAP_FILE).read_bytes() == written


@pytest.mark.parametrize(
    ("bands", "places"),
    [
        ([], {"a": [1.5, 2]}),
        ([], {"a": [1]}),
        ([{"label": "", "tiers": ["x"]}], {}),
        ([{"label": "X"}], {}),
    ],
    ids=str,
)
def test_what_could_not_be_read_is_not_written(tmp_path: Path, bands: Any, places: Any) -> None:
    write_map(tmp_path / MAP_FILE, BANDS, PLACES)
    before = (tmp_path / MAP_FILE).read_bytes()
    with pytest.raises(ValueError, match=r"bands|places"):
        write_map(tmp_path / MAP_FILE, bands, places)
    assert (tmp_path / MAP_FILE).read_bytes() == before


def test_a_write_that_fails_leaves_the_map_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / MAP_FILE
    write_map(path, BANDS, {})
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotBuildable, match="No space left") as error:
        write_map(path, BANDS, PLACES)
    assert str(path) in str(error.value)
    assert "--corpus DIR" in error.value.hint
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


# ---- places that are nobody's, or another's

STALE = """\
bands: [{label: Top, tiers: [nowhere-declared]}]
places: {gone: [0, 0], board: [1, 1], clinics: [1, 1], unstated: [2, 2], care: [3, 3]}
"""


def test_a_mended_map_keeps_its_bands_and_whoever_stands_alone(tiny) -> None:
    tiny.actors(faulty={"kind": "club"}).put(
        MAP_FILE, STALE.replace("care:", "faulty: [4, 4], care:")
    )
    assert mend_map(tiny.seeds) == ("gone", "clinics", "care")
    bands = [{"label": "Top", "tiers": ["nowhere-declared"]}]
    kept = {"board": (1, 1), "faulty": (4, 4), "unstated": (2, 2)}
    form = read(tiny.seeds / MAP_FILE, bands, kept)
    assert [(band.label, band.tiers) for band in form.bands] == [("Top", ("nowhere-declared",))]
    assert form.places == kept


UNTOUCHED = {
    "nothing is wrong": (MAP_FILE, "places: {board: [1, 1]}  # as typed\n"),
    "the map is no YAML": (MAP_FILE, "places: ["),
    "the map is none": (MAP_FILE, "places: [board]\n"),
    "the actors cannot be read": ("actors.yaml", "board: ["),
}


@pytest.mark.parametrize(("name", "content"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_a_map_is_left_as_it_is_where(tiny, name: str, content: str) -> None:
    tiny.put(MAP_FILE, STALE)
    path = tiny.put(name, content).with_name(MAP_FILE)
    before = path.read_bytes()
    assert mend_map(tiny.seeds) == ()
    assert path.read_bytes() == before


def test_where_there_is_no_map_none_is_made(tiny) -> None:
    assert mend_map(tiny.seeds) == ()
    assert not (tiny.seeds / MAP_FILE).exists()
