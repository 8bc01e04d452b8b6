"""From a corpus folder to its dataset: read, compile, check.

The canonical artefact is one sorted N-Quads text without blank nodes: the same input
gives the same bytes, under any hash seed. Each source compiles independently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ccgkg.corpus.accounts import Whole
from ccgkg.corpus.findings import Finding, Findings
from ccgkg.corpus.library import CorpusForm
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.queryfiles import QueryFile, read_query, refuse_shared_places
from ccgkg.corpus.rules import Level
from ccgkg.corpus.views import Views
from ccgkg.corpus.wholes import check_whole
from ccgkg.dataset.checking import breaches_of_shared, breaches_of_whole
from ccgkg.dataset.compile_registers import compile_dataset
from ccgkg.dataset.faults import Fault, fault
from ccgkg.dataset.ground import Ground, ground_of
from ccgkg.dataset.merging import merged
from ccgkg.dataset.prefixes import prefixes
from ccgkg.dataset.remote import Refused, refuse_remote
from ccgkg.dataset.sharding import Shard, compile_shard, lines_of
from ccgkg.dataset.views import views_of
from ccgkg.errors import NotBuildable, QueryError, SeedError, nearest

__all__ = [
    "SHARED",
    "Compiled",
    "Progress",
    "compile_corpus",
    "part_names",
    "refuse",
    "syntax_error",
]

Progress = Callable[[str], None]

SHARED = "_shared.nq"
"""The part with ontology, registers, issues and the dataset's description; no key of a source
begins so."""

ANY_CORPUS = "any corpus"
"""Tag of the shipped queries that need nothing of the shipped corpus."""

MOST_SHOWN = 40
"""Errors shown in one message; the rest is counted."""


@dataclass(frozen=True)
class Compiled:
    """A corpus as compiled: what was found, and the parts of its dataset.

    Attributes:
        form: name, title, base IRI, licence, version.
        prefixes: for queries and for writing.
        queries: the named queries.
        findings: errors, warnings and notes, sorted by place.
        parts: files of sorted N-Quads, which merged are the dataset; none if there are errors.
        table: coverage, one row per source.
        views: what the pages show beside the claims.
        unpinned: the keys of the sources whose sentences are not pinned.
    """

    form: CorpusForm
    prefixes: dict[str, str]
    queries: tuple[QueryFile, ...]
    findings: tuple[Finding, ...]
    parts: tuple[Path, ...]
    table: list[dict[str, Any]]
    views: dict[str, Any]
    unpinned: tuple[str, ...]

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid the dataset."""
        return self.of("error")

    @property
    def warnings(self) -> list[Finding]:
        """The findings that are only counted."""
        return self.of("warning")

    @property
    def notes(self) -> list[Finding]:
        """The findings that are only told."""
        return self.of("note")

    def of(self, level: Level) -> list[Finding]:
        """The findings of one level, by place."""
        return [finding for finding in self.findings if finding.level == level]


def compile_corpus(
    place: CorpusPlace,
    into: Path,
    progress: Progress = lambda _: None,
    executor: Executor | None = None,
) -> Compiled:
    """Read, compile and check a corpus; faults of curation are in its findings.

    Args:
        place: where it lies.
        into: an empty folder for the parts of the dataset.
        progress: told what is being done.
        executor: compiles the sources; left out, this process does.

    Raises:
        BadInput: the ontology, a query or `corpus.yaml` cannot be read at all.
        NotBuildable: a process of the executor has ended, or a part cannot be written.
    """
    progress("ontology")
    ground = ground_of(place)
    queries = _queries(place)
    findings = Findings(place.root, list(ground.findings))
    _check_lenses(ground.shared.corpus.views, queries, findings)
    folders = [folder.name for folder in place.source_folders()] if ground.shared.readable else []
    shards = []
    for shard in _compiled(place, folders, executor):
        shards.append(_kept(shard, into))
        findings.found += shard.findings
        progress(f"{shard.folder} ({len(shards)} of {len(folders)})")
    shards.sort(key=lambda shard: shard.folder)
    whole = Whole(ground.shared, {s.account.key: s.account for s in shards if s.account})
    check_whole(whole, findings)
    parts: tuple[Path, ...] = ()
    if not findings.of("error"):
        progress("dataset")
        parts = _assembled(ground, whole, shards, into)
        progress("shapes")
        for focus, message in _breaches(ground, shards, parts):
            local = focus.removeprefix(ground.shared.corpus.form.base)
            findings.add(*_home(whole, local), "shape", f"{local}: {message}")
    return Compiled(
        form=ground.shared.corpus.form,
        prefixes=prefixes(ground.shared.corpus.form.base, ground.ontology.prefixes),
        queries=tuple(map(_checked, queries)),
        findings=tuple(sorted(findings.found)),
        parts=() if findings.of("error") else parts,
        table=_table(shards, findings),
        views=views_of(ground.shared.corpus, {s.row["source"]: s.view for s in shards if s.row}),
        unpinned=tuple(a.key for a in whole.accounts.values() if not a.is_pinned),
    )


def part_names(place: CorpusPlace) -> set[str]:
    """The names of the files that the parts of a corpus have."""
    return {SHARED, *(f"{folder.name}.nq" for folder in place.source_folders())}


def _queries(place: CorpusPlace) -> tuple[QueryFile, ...]:
    """The named queries, by name; the corpus's own and those lent to it."""
    own = [read_query(path) for path in place.queries()]
    lent = [read_query(path) for path in place.lent_queries()]
    # The lent come first, so that the corpus's own file is told of a place that is taken.
    queries = [query for query in lent if ANY_CORPUS in query.tags] + own
    refuse_shared_places(queries)
    return tuple(sorted(queries, key=lambda query: query.name))


def _check_lenses(views: Views, queries: Iterable[QueryFile], findings: Findings) -> None:
    """Every lens that the story shows must be one."""
    lenses = {query.name for query in queries if query.lens is not None}
    for named in views.lenses:
        if named.name not in lenses:
            near = ", ".join(nearest(named.name, lenses))
            hint = f"; nearest: {near}" if near else ""
            message = f"{named.whose} a lens that does not exist: `{named.name}`{hint}"
            findings.add(named.path, named.line, "reference", message)


def _compiled(
    place: CorpusPlace, folders: Sequence[str], executor: Executor | None
) -> Iterator[Shard]:
    """The shards, in any order."""
    if executor is None:
        yield from (compile_shard(place.root, folder) for folder in folders)
        return
    # Whoever holds a future holds its shard: each is let go as it comes.
    waiting: set[Future[Shard]] = set()
    try:
        waiting.update(executor.submit(compile_shard, place.root, folder) for folder in folders)
        for done in as_completed(list(waiting)):
            waiting.discard(done)
            yield done.result()
    except BrokenExecutor:
        raise NotBuildable(
            "a process that compiled sources has ended: it was killed, or had no memory left; "
            "nothing was written",
            hint="Build again with fewer of them: ccgkg build --workers 1",
        ) from None
    finally:
        for future in waiting:
            future.cancel()


def _kept(shard: Shard, into: Path) -> Shard:
    """The shard without its lines, which now lie in a file."""
    if shard.lines:
        _write(into / f"{shard.folder}.nq", shard.lines)
    return replace(shard, lines=b"")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise NotBuildable(f"{path}: cannot be written: {error.strerror or error}") from None


def _assembled(
    ground: Ground, whole: Whole, shards: Sequence[Shard], into: Path
) -> tuple[Path, ...]:
    """The files of all parts; that of ontology, registers, issues and dataset is the last."""
    path = into / SHARED
    parts = (*(into / f"{shard.folder}.nq" for shard in shards), path)
    quads = ground.quads(whole.claims)
    _write(path, b"".join(lines_of(quads)))
    # The dataset says how large it is; what several parts say counts once.
    triples = sum(map(len, merged(parts))) - sum(shard.named for shard in shards)
    form = ground.shared.corpus.form
    quads += compile_dataset(form, whole.accounts, claims=len(whole.claims), triples=triples)
    _write(path, b"".join(lines_of(quads)))
    return parts


def _breaches(
    ground: Ground, shards: Iterable[Shard], parts: Sequence[Path]
) -> Iterator[tuple[str, str]]:
    """IRI and message of each shape that the dataset breaks."""
    if not ground.checks_parts:
        yield from breaches_of_whole(ground, _parsed(parts))
        return
    yield from (breach for shard in shards for breach in shard.breaches)
    yield from breaches_of_shared(ground, _parsed(parts[-1:]))


def _parsed(paths: Iterable[Path]) -> Iterator[ox.Quad]:
    for path in paths:
        yield from ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)


def _home(whole: Whole, local: str) -> tuple[Path, int]:
    """File and line of what an IRI (without the base) stands for."""
    kind, _, rest = local.partition("/")
    key, *more = rest.split("/")
    corpus, account = whole.shared.corpus, whole.accounts.get(key)
    claim = whole.claims.get("/".join((key, *more[:1]))) if kind == "claim" else None
    if claim is not None:
        return whole.accounts[key].folder / "claims.yaml", claim.line
    if kind == "source" and account is not None:
        return account.folder / "source.yaml", 0
    if kind == "issue" and key in corpus.issues:
        return corpus.issues[key].path, corpus.issues[key].line
    return corpus.registers.places.get(key, (whole.shared.place.seeds, 0))


def _table(shards: Iterable[Shard], findings: Findings) -> list[dict[str, Any]]:
    """One row per source: sentences, coverage, claims, verdicts, and how much was found."""
    found = Counter(Path(finding.path).parts[:2] for finding in findings.found)
    return [{**s.row, "findings": found["seeds", s.folder]} for s in shards if s.row]


def _checked(query: QueryFile) -> QueryFile:
    """Shipped queries declare their prefixes, so that they run on any engine."""
    text = Path(query.path).read_text(encoding="utf-8")
    try:
        refuse_remote(text)
    except Refused as error:
        raise QueryError(f"{query.path}:{error.line}: {error.message}") from None
    problem = syntax_error(text)
    if problem is not None:
        line, column, what = problem
        raise QueryError(f"{query.path}:{line}:{column}: {what}")
    return query


def syntax_error(text: str) -> Fault | None:
    """Why a text is not SPARQL, with line and column, or None if it is."""
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        return fault(text, str(error), {})
    return None


def refuse(compiled: Compiled) -> None:
    """Raise SeedError with all errors, if there are any."""
    errors = compiled.errors
    if not errors:
        return
    shown = [str(finding) for finding in errors[:MOST_SHOWN]]
    if len(errors) > MOST_SHOWN:
        shown.append(f"… and {len(errors) - MOST_SHOWN} more")
    raise SeedError(
        "\n".join(shown),
        hint=f"{len(errors)} error{'s' if len(errors) > 1 else ''}; nothing was written. "
        "Mend them and run: ccgkg check",
    )
