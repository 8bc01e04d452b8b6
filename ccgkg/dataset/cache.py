"""The cache: where built datasets lie, and how one takes the place of another.

    <cache>/<corpus>-<hash of its folder>/
        manifest.json             names the dataset that is current
        dataset-<digest>.nq       the canonical artefact
        views-<digest>.json       what the pages show beside the claims
        store-<digest>/           RocksDB, only for large datasets

Files are written beside and renamed; the manifest is renamed last. A build that is
killed at any point leaves the previous manifest, and so the previous dataset, in
force, and two builds at once write the same files or different ones, never a mixture.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ccgkg import __version__
from ccgkg.corpus.places import CorpusPlace
from ccgkg.errors import NotBuildable

__all__ = ["MEMORY_QUADS", "Cache", "Manifest", "cache_root", "write_atomically"]

MEMORY_QUADS = 30_000
"""Up to this size (about 350 claims) the N-Quads are loaded into memory: opening RocksDB
would save a cold query some tens of milliseconds and cost every build a second copy."""

_FORMAT = 2
_YOUNG_SECONDS = 3600


class Manifest(NamedTuple):
    """What was built, from what.

    A named tuple, as the other values that a cold query needs: a dataclass of this size costs
    a millisecond to define.

    Attributes:
        digest: SHA-256 of the N-Quads.
        quads: how many.
        corpus: name, title, version and base IRI.
        prefixes: for queries.
        queries: the named queries' headers.
        inputs: path to size in bytes and modification time in nanoseconds.
        table: rows of the closing table of `build`.
        warnings: the open warnings, as printed.
        views: SHA-256 of the views.
        previous: digest of the dataset that this one replaced.
        tool: version of ccgkg.
        format: version of this file's layout.
    """

    digest: str
    quads: int
    corpus: dict[str, str]
    prefixes: dict[str, str]
    queries: list[dict[str, Any]]
    inputs: dict[str, list[int]]
    table: list[dict[str, Any]]
    warnings: list[str]
    views: str
    previous: str = ""
    tool: str = __version__
    format: int = _FORMAT

    def query(self, name: str) -> dict[str, Any] | None:
        """The header of a named query."""
        return next((query for query in self.queries if query["name"] == name), None)


_TYPES: Mapping[str, type] = {
    "digest": str,
    "quads": int,
    "corpus": dict,
    "prefixes": dict,
    "queries": list,
    "inputs": dict,
    "table": list,
    "warnings": list,
    "views": str,
    "previous": str,
    "tool": str,
    "format": int,
}


def cache_root(given: Path | None) -> Path:
    """The cache folder: as given, or `CCGKG_CACHE`, or the user's own."""
    if given is not None:
        return given
    if named := os.environ.get("CCGKG_CACHE"):
        return Path(named)
    # platformdirs says the same but costs 30 ms to import, half of a cold query.
    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "ccgkg"


def stamps(place: CorpusPlace) -> dict[str, list[int]]:
    """Size and modification time of every input."""
    found = {}
    for path in map(str, place.inputs()):
        try:
            status = os.stat(path)  # noqa: PTH116  (a third of the time of Path.stat, 80 times)
        except OSError:
            continue  # gone since it was listed; whoever needs it will say so
        found[path] = [status.st_size, status.st_mtime_ns]
    return found


class Cache(NamedTuple):
    """The cache of one corpus."""

    folder: Path

    @classmethod
    def of(cls, place: CorpusPlace, root: Path) -> Cache:
        """The cache of a corpus below the cache folder."""
        where = str(place.root)
        # Only a name: the manifest lists every input by its path, so that two corpora whose
        # checksums met would rebuild in turn and never answer for each other. hashlib costs
        # 3 ms to import.
        key = zlib.crc32(where.encode("utf-8", "surrogatepass"))
        return cls(root / f"{place.root.name or 'corpus'}-{key:08x}")

    def manifest(self) -> Manifest | None:
        """The manifest in force, or None where nothing usable was built."""
        try:
            content = json.loads((self.folder / "manifest.json").read_bytes())
            manifest = Manifest(**content)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        sound = all(isinstance(getattr(manifest, name), kind) for name, kind in _TYPES.items())
        return manifest if sound and manifest.format == _FORMAT else None

    def holds(self, manifest: Manifest) -> bool:
        """Whether the canonical artefact and the views of a manifest are here, whole."""
        import hashlib

        files = {
            self.nquads(manifest.digest): manifest.digest,
            self.views(manifest.views): manifest.views,
        }
        try:
            return all(
                hashlib.sha256(path.read_bytes()).hexdigest() == digest
                for path, digest in files.items()
            )
        except OSError:
            return False

    def nquads(self, digest: str) -> Path:
        """Where the canonical artefact of a digest lies."""
        return self.folder / f"dataset-{digest[:16]}.nq"

    def store(self, digest: str) -> Path:
        """Where the RocksDB folder of a digest lies, if it is large enough to have one."""
        return self.folder / f"store-{digest[:16]}"

    def views(self, digest: str) -> Path:
        """Where the views of a digest lie."""
        return self.folder / f"views-{digest[:16]}.json"

    def install(self, manifest: Manifest, nquads: Path, views: bytes) -> None:
        """Put a dataset in force, with its views.

        Args:
            manifest: what is put in force.
            nquads: the canonical artefact, a draft on the same file system; it is moved away.
            views: what the pages show beside it.

        Raises:
            NotBuildable: the cache folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            before = self.manifest()
            nquads.replace(self.nquads(manifest.digest))
            if manifest.quads > MEMORY_QUADS:
                self.build_store(manifest.digest)
            write_atomically(self.views(manifest.views), views)
            content = json.dumps(manifest._asdict(), ensure_ascii=False, indent=1)
            write_atomically(self.folder / "manifest.json", content.encode("utf-8"))
            self._sweep(manifest, before)
        except OSError as error:
            raise NotBuildable(
                f"{self.folder}: the cache cannot be written: {error.strerror or error}",
                hint="Name another folder: ccgkg --cache DIR …, or set CCGKG_CACHE.",
            ) from None

    def build_store(self, digest: str) -> None:
        """Build the RocksDB folder of a canonical artefact that is here, if it has none."""
        import pyoxigraph as ox

        target = self.store(digest)
        if target.exists():
            return
        draft = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        shutil.rmtree(draft, ignore_errors=True)
        store = ox.Store(str(draft))
        store.bulk_load(path=str(self.nquads(digest)), format=ox.RdfFormat.N_QUADS)
        # At 100,000 claims queries become two to four times as quick.
        store.optimize()
        store.flush()
        del store
        try:
            draft.rename(target)
        except OSError:
            # Another build was first; its store has the same digest and so the same quads.
            shutil.rmtree(draft, ignore_errors=True)
            if not target.exists():
                raise

    def _sweep(self, manifest: Manifest, before: Manifest | None) -> None:
        """Remove old datasets and views that neither this manifest nor the one before it names.

        What is young stays: another build may have written it and not named it yet.
        """
        old = time.time() - _YOUNG_SECONDS
        digests = {manifest.digest, manifest.previous}
        kept = {self.nquads(digest).name for digest in digests if digest}
        kept |= {self.store(digest).name for digest in digests if digest}
        kept |= {self.views(named.views).name for named in (manifest, before) if named}
        for path in [
            *self.folder.glob("dataset-*.nq"),
            *self.folder.glob("views-*.json"),
            *self.folder.glob("store-????????????????"),
        ]:
            if path.name not in kept and _age(path) < old:
                _remove(path)
        for draft in self.folder.glob("*.tmp"):  # left by a build that was killed
            if _age(draft) < old:
                _remove(draft)


def _age(path: Path) -> float:
    """When a file was last changed; now, if another build has just taken it away."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return time.time()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def is_current(manifest: Manifest, place: CorpusPlace) -> bool:
    """Whether nothing that the dataset depends on has changed since it was built."""
    inputs: Mapping[str, list[int]] = stamps(place)
    return manifest.tool == __version__ and manifest.inputs == inputs
