"""A wheel has the editor where npm can fetch its packages, and is built all the same where not.

npm is a small script here: whether the real one makes a working editor, the tests of the query
page in a browser say.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundling import FOLDER, hook
from hatchling.bridge.app import Application

WORKING = f"""\
#!{sys.executable}
import json, pathlib, sys
asked = sys.argv[1]
if asked == "ci":
    assert "--ignore-scripts" in sys.argv, sys.argv
    for name, licence in (("@a/one", "LICENSE"), ("two", "LICENSE.md"), ("unused", "LICENSE")):
        package = pathlib.Path("node_modules", name)
        package.mkdir(parents=True)
        about = {{"name": name, "version": "1.2.3", "license": "MIT"}}
        (package / "package.json").write_text(json.dumps(about))
        (package / licence).write_text(f"Copyright of {{name}}\\n")
elif asked == "exec":
    inputs = ["node_modules/two/x.js", "node_modules/@a/one/y.js", "editor.js"]
    pathlib.Path("made.json").write_text(json.dumps({{"inputs": dict.fromkeys(inputs, {{}})}}))
    pathlib.Path("made.js").write_text("export {{}}")
"""
FAILING = "#!/bin/sh\necho 'npm error network is down' >&2\nexit 1\n"


class Said(Application):
    """Keeps what hatchling would show."""

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[str] = []

    def display_warning(self, message: str = "", **_: Any) -> None:
        self.warnings.append(message)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """An npm that is this script; none for an empty one. Nothing else is on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CCGKG_REQUIRE_EDITOR", raising=False)

    def put(script: str) -> None:
        if script:
            (folder / "npm").write_text(script)
            (folder / "npm").chmod(0o755)

    return put


def built(version: str = "standard") -> tuple[Any, Said, dict[str, str]]:
    """The hook after it began, what it said, and what it adds to the wheel."""
    said, data = Said(), {"force_include": {}}
    started = hook().EditorHook(str(FOLDER), {}, None, None, "", "wheel", said)
    started.initialize(version, data)
    return started, said, data["force_include"]


def test_a_wheel_gets_the_editor_and_the_licences_of_what_is_in_it(npm):
    npm(WORKING)
    started, said, added = built()
    assert said.warnings == []
    assert sorted(added.values()) == [
        "ccgkg/server/static/editor.js",
        "ccgkg/server/static/editor.licences.txt",
    ]
    made, notices = (Path(path).read_text() for path in added)
    assert made == "export {}"
    assert re.findall(r"^(\S+) 1\.2\.3 \(MIT\)$", notices, re.MULTILINE) == ["@a/one", "two"]
    assert "Copyright of two" in notices
    started.finalize("standard", {}, "")
    assert not any(Path(path).exists() for path in added)


@pytest.mark.parametrize(
    ("script", "why"),
    [("", "there is no npm"), (FAILING, "npm failed: npm error network is down")],
    ids=["missing", "failing"],
)
def test_without_npm_there_is_a_wheel_and_a_warning(npm, script: str, why: str):
    npm(script)
    started, said, added = built()
    assert added == {}
    assert said.warnings == [f"this wheel comes without the editor of queries: {why}"]
    started.finalize("standard", {}, "")


@pytest.mark.parametrize("script", ["", FAILING], ids=["missing", "failing"])
def test_a_release_without_the_editor_is_an_error(npm, monkeypatch, script: str):
    npm(script)
    monkeypatch.setenv("CCGKG_REQUIRE_EDITOR", "1")
    with pytest.raises(Exception, match="npm"):
        built()


def test_an_editable_installation_is_left_alone(npm):
    npm(FAILING)
    started, said, added = built("editable")
    assert (said.warnings, added) == ([], {})
    started.finalize("editable", {}, "")


def test_nothing_is_written_among_the_sources(npm):
    before = sorted(path.name for path in FOLDER.iterdir())
    npm(WORKING)
    built()[0].finalize("standard", {}, "")
    assert sorted(path.name for path in FOLDER.iterdir()) == before


def test_the_lock_names_digests_and_no_registry():
    lock = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]
    assert all("integrity" in about for name, about in packages.items() if name)
    assert "://" not in lock
    assert '"resolved"' not in lock
