"""The law: a site is written whole or not at all, and nothing of anybody else's is ever lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccgkg.errors import NotBuildable, UsageError
from ccgkg.site.writing import MARKER, write_site

PAGES = [("index.html", "first"), ("claim/a/b.html", "“quoted”")]


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_pages_are_written_with_a_marker(tmp_path: Path):
    written = write_site(tmp_path / "deep" / "out", PAGES, "d1g35t")
    assert (written.pages, written.kept) == (2, None)
    found = files(written.folder)
    assert json.loads(found.pop(MARKER)) == {
        "written-by": "ccgkg site", "dataset": "d1g35t", "pages": 2
    }  # fmt: skip
    assert found == dict(PAGES)


def test_the_earlier_site_is_replaced_as_a_whole(tmp_path: Path):
    out = tmp_path / "out"
    write_site(out, PAGES, "")
    write_site(out, [("index.html", "second")], "")
    assert set(files(out)) == {"index.html", MARKER}
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing is left beside it"


def broken():
    yield PAGES[0]
    raise KeyboardInterrupt


def full():
    yield PAGES[0]
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("pages", "error"), [(broken, KeyboardInterrupt), (full, NotBuildable)], ids=["ctrl-c", "full"]
)
def test_an_interrupted_run_leaves_the_earlier_site_whole(tmp_path: Path, pages, error):
    out = tmp_path / "out"
    write_site(out, PAGES, "")
    before = files(out)
    with pytest.raises(error):
        write_site(out, pages(), "")
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_killed_between_two_names_is_made_good(tmp_path: Path):
    out = tmp_path / "out"
    write_site(out, PAGES, "")
    before = files(out)
    out.rename(tmp_path / ".out.before")
    with pytest.raises(KeyboardInterrupt):
        write_site(out, broken(), "")
    assert files(out) == before


def test_a_switch_that_fails_puts_the_earlier_site_back(tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    write_site(out, PAGES, "")
    before = files(out)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith(".tmp"):
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(NotBuildable, match="busy"):
        write_site(out, PAGES, "")
    assert files(out) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_refused(tmp_path: Path, force):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        write_site(tmp_path / "out", PAGES, "", force=force)
    assert (tmp_path / "out").read_text() == "mine"


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotBuildable, match="cannot be written"):
        write_site(tmp_path / "file" / "out", PAGES, "")


def test_somebody_elses_folder_is_refused_and_if_forced_kept(tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="did not write"):
        write_site(out, PAGES, "")
    assert files(out) == {"thesis.txt": "mine"}
    written = write_site(out, PAGES, "", force=True)
    assert "index.html" in files(out)
    assert written.kept is not None
    assert files(written.kept) == {"thesis.txt": "mine"}


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path):
    (tmp_path / "out").mkdir()
    assert write_site(tmp_path / "out", PAGES, "").pages == 2


@pytest.mark.parametrize("named", [".", "..", "/", "home"])
def test_the_folder_one_works_in_is_refused(tmp_path: Path, monkeypatch, named):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    target = tmp_path / "home" if named == "home" else Path(named)
    with pytest.raises(UsageError, match="folder you work in"):
        write_site(target, PAGES, "", force=True)


def test_a_link_that_leads_round_cannot_be_written(tmp_path: Path):
    (tmp_path / "out").symlink_to(tmp_path / "out")
    with pytest.raises(NotBuildable, match="cannot be written"):
        write_site(tmp_path / "out", PAGES, "")


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write_site(tmp_path / "out", PAGES, "")
    assert (tmp_path / "out").is_symlink()
    assert "index.html" in files(tmp_path / "real")
