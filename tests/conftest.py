"""Fixtures that all tests share: a cache of their own, a copy of the corpus, the command line."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hostile import Hostile, write_hostile

from ccgkg.cli import cli
from ccgkg.corpus.places import CorpusPlace

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Result:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


def pytest_configure() -> None:
    """Let Ctrl-C be heard: a shell that runs the tests in the background has it ignored.

    What the tests start would ignore it too.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the versions of the engines of others that were started."""
    passed = terminalreporter.stats.get("passed", [])
    told = {
        value for report in passed for name, value in report.user_properties if name == "engine"
    }
    for engine in sorted(told):
        terminalreporter.write_line(f"engine: {engine}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the whole run, so that nobody's own is touched."""
    folder = tmp_path_factory.mktemp("cache")
    patch = pytest.MonkeyPatch()
    patch.setenv("CCGKG_CACHE", str(folder))
    yield folder
    patch.undo()


@pytest.fixture(scope="session")
def run() -> Callable[..., Result]:
    """The command line, in this process: `run("query", "figures")`."""

    def call(*args: object, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(cli, [str(arg) for arg in args], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Result(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def corpus(tmp_path: Path) -> CorpusPlace:
    """A copy of the shipped corpus that a test may spoil."""
    for folder in ("seeds", "ontology", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / "corpus" / folder)
    return CorpusPlace(tmp_path / "corpus")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """A corpus whose words would break careless pages; not to be spoiled."""
    return write_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def spoil(corpus: CorpusPlace) -> Callable[[str, str, str], Path]:
    """Change one place of a file of the copied corpus; the old words must be there once."""

    def change(file: str, old: str, new: str) -> Path:
        path = corpus.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        return path

    return change
