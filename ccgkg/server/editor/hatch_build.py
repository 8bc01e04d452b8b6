"""The editor of the query page, bundled when a wheel is built.

No third-party JavaScript lies in the repository. Where `npm` is there, the wheel gets one more
file, `ccgkg/server/static/editor.js`, made of `editor.js` beside this file and of the packages
that `package-lock.json` pins by their digests, and the notices of their licences. Without `npm`, or
where it cannot fetch them, the wheel is built all the same, and its page has a plain text field.

`CCGKG_REQUIRE_EDITOR=1` makes that an error: releases are built so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
NEEDED = ("package.json", "package-lock.json", "editor.js")
STATIC = "ccgkg/server/static"
BUNDLE, NOTICES = "editor.js", "editor.licences.txt"
REQUIRE = "CCGKG_REQUIRE_EDITOR"
SECONDS = 300
"""For one run of npm or esbuild: a network that answers nothing must not hold a build for ever."""


class NoEditor(Exception):
    """The editor cannot be bundled here; says why."""


def bundle(target: Path, sources: Path = HERE) -> tuple[Path, Path]:
    """Make the editor and the notices of the licences of what is in it.

    npm works in a temporary folder, so that nothing ever lies among the sources.

    Args:
        target: the folder in which the two files come to lie.
        sources: the folder of the npm project.

    Raises:
        NoEditor: npm is missing, or it failed.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise NoEditor("there is no npm")
    with tempfile.TemporaryDirectory(prefix="ccgkg-editor-") as name:
        folder = Path(name)
        for needed in NEEDED:
            shutil.copy(sources / needed, folder)
        # Scripts of packages do not run: what is fetched is only ever read and bundled.
        _run(folder, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
        _run(
            folder,
            *(npm, "exec", "--no", "--", "esbuild"),
            *("editor.js", "--bundle", "--minify", "--format=esm", "--target=es2022"),
            *("--charset=utf8", "--legal-comments=none", "--metafile=made.json"),
            f"--banner:js=/* Licences of what is bundled here: {NOTICES} */",
            "--outfile=made.js",
        )
        target.mkdir(parents=True, exist_ok=True)
        made, notices = target / BUNDLE, target / NOTICES
        shutil.copyfile(folder / "made.js", made)
        notices.write_text(_notices(folder), encoding="utf-8", newline="\n")
    return made, notices


def _run(folder: Path, *command: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603  (npm and the pinned esbuild)
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NoEditor(f"{Path(command[0]).name} failed: {problem}") from None
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise NoEditor(f"{Path(command[0]).name} failed: {' / '.join(lines[:5]) or 'no reason'}")


def _notices(folder: Path) -> str:
    """The licences of the packages of which something is in the bundle, by their names."""
    made = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    packages = {_package(path) for path in made["inputs"] if path.startswith("node_modules/")}
    return "\n".join(_notice(folder / "node_modules" / package) for package in sorted(packages))


def _package(path: str) -> str:
    """The package of a file: `node_modules/@codemirror/view/dist/index.js`."""
    scope, name, *_ = path.removeprefix("node_modules/").split("/")
    return f"{scope}/{name}" if scope.startswith("@") else scope


def _notice(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    texts = sorted(path for path in package.iterdir() if path.name.upper().startswith("LICEN"))
    if not texts:
        raise NoEditor(f"{about['name']} has no licence text to pass on")
    told = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in texts)
    return f"{about['name']} {about['version']} ({about['license']})\n\n{told}\n"


class EditorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the editor into a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before a wheel is built: bundle, and add the two files to it.

        Raises:
            NoEditor: there is no editor, and the environment demands one.
        """
        # An editable installation reads the checkout, into which nothing is written.
        if version == "editable":
            return
        self._folder = tempfile.mkdtemp(prefix="ccgkg-bundle-")
        try:
            made = bundle(Path(self._folder))
        except NoEditor as problem:
            if os.environ.get(REQUIRE) == "1":
                raise
            self.app.display_warning(f"this wheel comes without the editor of queries: {problem}")
            return
        for path in made:
            build_data["force_include"][str(path)] = f"{STATIC}/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """When the wheel is written: tidy up."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)
