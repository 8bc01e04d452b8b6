"""Where corpora lie: the shipped one, and any other of the same shape.

A corpus is a folder with `seeds/`, `ontology/` and `queries/`. The shipped one stands
beside the package in a checkout (so that an editable installation reads the checkout)
and inside the package in a wheel.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ccgkg.errors import NotBuildable, SeedError

__all__ = ["SHAPES", "TOOL_VOCABULARY", "CorpusPlace", "corpus_at", "shipped"]

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = ("seeds", "ontology", "queries")
TOOL_VOCABULARY = "ccgkg.ttl"
SHAPES = "shapes.ttl"


class CorpusPlace(NamedTuple):
    """The folders of a corpus."""

    root: Path

    @property
    def seeds(self) -> Path:
        """Sources, claims and registers."""
        return self.root / "seeds"

    def vocabularies(self) -> list[Path]:
        """Vocabulary files: the corpus's own, and the tool's where it has none."""
        own = [path for path in self._files("ontology", "*.ttl") if path.name != SHAPES]
        if not any(path.name == TOOL_VOCABULARY for path in own):
            own.append(shipped().root / "ontology" / TOOL_VOCABULARY)
        return own

    def shapes(self) -> list[Path]:
        """SHACL files: the tool's, and the corpus's own beside it unless it is a mere copy."""
        tool = shipped().root / "ontology" / SHAPES
        own = self.root / "ontology" / SHAPES
        return [tool] if own == tool or not own.exists() or _same(own, tool) else [tool, own]

    def queries(self) -> list[Path]:
        """The corpus's own named queries."""
        return self._files("queries", "*.rq")

    def lent_queries(self) -> list[Path]:
        """The shipped queries that the corpus has none of the same name for."""
        own = {path.name for path in self.queries()}
        return [path for path in shipped().queries() if path.name not in own]

    def source_folders(self) -> list[Path]:
        """Every folder below `seeds/`: each holds a source, whole or not."""
        return sorted(
            path for path in self.seeds.glob("*") if path.is_dir() and path.name[0] not in "._"
        )

    def source_folder(self, key: str) -> Path | None:
        """The folder of one source, if there is one; `key` may be any words."""
        folder = self.seeds / key
        is_name = key != "" and key[0] not in "._" and Path(key).name == key
        return folder if is_name and folder.is_dir() else None

    def inputs(self) -> list[Path]:
        """Every file that the dataset depends on, the compiler's own code included."""
        return [
            *sorted(self.seeds.glob("*.yaml")),
            *sorted(path for path in self.seeds.glob("*/*") if path.is_file()),
            *self.vocabularies(),
            *self.shapes(),
            *self.queries(),
            *self.lent_queries(),
            *sorted(_PACKAGE.glob("corpus/*.py")),
            *sorted(_PACKAGE.glob("dataset/*.py")),
        ]

    def _files(self, folder: str, pattern: str) -> list[Path]:
        return sorted((self.root / folder).glob(pattern))


def _same(one: Path, other: Path) -> bool:
    """Whether two files can be read and hold the same."""
    try:
        return one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def shipped() -> CorpusPlace:
    """The corpus that comes with the tool.

    Raises:
        NotBuildable: the installation has lost it.
    """
    for root in (_PACKAGE.parent, _PACKAGE / "shipped"):
        if all((root / folder).is_dir() for folder in _FOLDERS):
            return CorpusPlace(root)
    raise NotBuildable(
        f"the shipped corpus is missing beside and inside {_PACKAGE}",
        hint="Install the tool again: pip install --force-reinstall ccgkg",
    )


def corpus_at(folder: Path | None) -> CorpusPlace:
    """The corpus in a folder, or the shipped one.

    Raises:
        SeedError: the folder is no corpus.
    """
    if folder is None:
        return shipped()
    if not folder.is_dir():
        raise SeedError(f"{folder}: is not a folder")
    root = folder.resolve()
    if not (root / "seeds" / "corpus.yaml").is_file():
        if root.name == "seeds" and (root / "corpus.yaml").is_file():
            raise SeedError(f"{folder}: is the inside of a corpus", hint=f"Try {root.parent}")
        raise SeedError(
            f"{folder}: is no corpus: it has no seeds/corpus.yaml",
            hint="A corpus is a folder with seeds/, ontology/ and queries/, like the shipped one.",
        )
    return CorpusPlace(root)
