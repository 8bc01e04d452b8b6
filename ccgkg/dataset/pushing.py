"""Pushing: making somebody else's engine hold the dataset, lot by lot.

Of each lot it is first read what is there; only what is missing is sent; then it is read
again. So pushing again is safe and quick, a push that broke off goes on by pushing again, half
an answer is seen at once, and how far a push came is a number of quads that are known to be
there. What the dataset says of itself comes last: it stands there once all the rest does.

What is there beside the dataset is only told, unless it is to be pruned: more triples of what
the dataset describes, and resources of the corpus that the dataset no longer has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from ccgkg.dataset.comparing import Difference, difference
from ccgkg.dataset.lots import Lot, graph_lots, subject_lots
from ccgkg.dataset.prefixes import RESOURCES, STANDARD
from ccgkg.dataset.replica import Replica
from ccgkg.dataset.store import Store
from ccgkg.errors import CcgkgError, NotBuildable, UsageError

__all__ = ["Pushed", "compare", "push"]

_MOST_NAMES = 100
"""Of what the dataset lacks, read at once: how much is said of it nobody knows."""

Progress = Callable[[int], None]


@dataclass
class Some:
    """Some quads: how many, and the first of them as it is told."""

    count: int = 0
    first: str = ""

    def add(self, quads: Collection[object]) -> None:
        """Count more of them."""
        self.first = self.first or next(map(str, quads), "")
        self.count += len(quads)


@dataclass
class Pushed:
    """What a push or a comparison found and did, in quads.

    Attributes:
        total: of the dataset.
        known: of these, those that are known to be there.
        sent: of these, those that were sent; the others were there.
        missing: those that are not there.
        rewritten: those that are there, but written otherwise.
        extra: what is there and not in the dataset.
        kept: what was to be removed of that and was not: it has blank nodes, or stands in
            other graphs too.
        removed: how many were removed.
    """

    total: int
    known: int = 0
    sent: int = 0
    missing: Some = field(default_factory=Some)
    rewritten: Some = field(default_factory=Some)
    extra: Some = field(default_factory=Some)
    kept: Some = field(default_factory=Some)
    removed: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the dataset is there to the letter, and nothing besides."""
        return not (self.missing.count or self.rewritten.count or self.extra.count)


def push(store: Store, replica: Replica, progress: Progress, *, prune: bool = False) -> Pushed:
    """Make a replica hold the dataset.

    Args:
        store: the dataset.
        replica: what is to hold it.
        progress: told how many quads are known to be there.
        prune: whether what is there and not in the dataset is removed.

    Raises:
        NotBuildable: not all of it got there, or could be read back; it says how far it came.
        UsageError: the server has no default graph, and no name is given to what takes its place.
    """
    return _Push(store, replica, progress, sending=True, pruning=prune).run()


def compare(store: Store, replica: Replica, progress: Progress) -> Pushed:
    """Compare a replica with the dataset, and send nothing.

    Args:
        store: the dataset.
        replica: what may hold it.
        progress: told how many quads are known to be there.

    Raises:
        NotBuildable: it cannot be read; it says how far that came.
        UsageError: as by `push`.
    """
    return _Push(store, replica, progress, sending=False, pruning=False).run()


class _Push:
    """One push or comparison."""

    def __init__(
        self, store: Store, replica: Replica, progress: Progress, *, sending: bool, pruning: bool
    ) -> None:
        self._store, self._replica, self._progress = store, replica, progress
        self._sending, self._pruning = sending, pruning
        self._done = Pushed(store.manifest.quads)
        corpus, prefixes = store.manifest.corpus, store.manifest.prefixes
        self._base = corpus["base"]
        namespaces = [iri for name, iri in prefixes.items() if name not in STANDARD]
        self._own = (self._base, *namespaces)

    def run(self) -> Pushed:
        """Do it."""
        try:
            # First the graphs, so that a triple which only they hold besides is removed whole.
            self._graphs()
            self._subjects()
        except UsageError:
            raise
        except CcgkgError as error:
            raise self._broken_off(error) from None
        return self._done

    def _graphs(self) -> None:
        held = sum(len(self._agree(lot)) for lot in graph_lots(self._store.quads()))
        self._leftovers([self._base + RESOURCES["claim"]], held, graphs=True)

    def _subjects(self) -> None:
        itself = f"{self._base}dataset"
        resources = tuple(self._base + path for path in RESOURCES.values())
        held = 0
        for lot in subject_lots(self._store.quads(), last=itself):
            if lot.names[0].value == itself:
                self._leftovers(resources, held)
            found = self._agree(lot)
            held += sum(_starts(quad, resources) for quad in found)

    def _agree(self, lot: Lot) -> set[ox.Quad]:
        """Bring a lot into agreement, if that is asked; what is there of it now."""
        found = self._read(lot)
        differs = difference(lot.quads, found)
        if self._sending:
            missing, pruned = differs.missing, self._prunable(lot, differs.extra)
            if missing:
                self._replica.add(missing)
            if pruned:
                self._replica.remove(pruned)
            if missing or pruned:
                found = self._read(lot)
                differs = difference(lot.quads, found)
                self._refuse(differs, missing, pruned)
            self._done.sent += len(missing)
            self._done.removed += len(pruned)
        self._count(lot, differs)
        return found

    def _read(self, lot: Lot) -> set[ox.Quad]:
        """What is there of a lot.

        Raises:
            UsageError: the server turns out to have no default graph, and one is needed.
        """
        found = self._replica.read(lot)
        if not self._replica.graph and self._replica.endpoint.server.startswith("Virtuoso"):
            shown = self._replica.endpoint.shown
            raise UsageError(
                f"{shown}: is Virtuoso, which has no default graph of its own", hint=self._named()
            )
        return found

    def _prunable(self, lot: Lot, extra: set[ox.Quad]) -> set[ox.Quad]:
        """What is to be removed of what is there and not in the dataset."""
        if not self._pruning:
            return set()
        plain = ox.NamedNode | ox.Literal
        pruned = {quad for quad in self._ours(lot, extra) if isinstance(quad.object, plain)}
        if pruned and not lot.graphs and not self._replica.graph:
            pruned -= self._replica.in_other_graphs(pruned)
        return pruned

    def _ours(self, lot: Lot, extra: set[ox.Quad]) -> set[ox.Quad]:
        """What only this corpus says there: of the terms of others anybody may say something."""
        if lot.graphs:
            return extra
        return {quad for quad in extra if _starts(quad, self._own)}

    def _count(self, lot: Lot, differs: Difference) -> None:
        done = self._done
        extra = sorted(self._ours(lot, differs.extra), key=str)
        done.known += len(lot.quads) - len(differs.missing)
        done.missing.add(sorted(differs.missing, key=str))
        done.rewritten.add([f"{one} as {other.object}" for one, other in differs.rewritten])
        done.extra.add(extra)
        if self._pruning:
            done.kept.add(extra)
        self._progress(done.known)

    def _leftovers(self, starts: Sequence[str], held: int, *, graphs: bool = False) -> None:
        """Find the resources, or graphs, of the corpus that are there and not in the dataset.

        Args:
            starts: how their IRIs start.
            held: how many triples of those in the dataset were found there.
            graphs: whether they are graphs.
        """
        if self._replica.count(starts, graphs=graphs) == held:
            return
        quads = self._store.quads()
        known = {str(quad.graph_name if graphs else quad.subject) for quad in quads}
        found = map(ox.NamedNode, self._replica.names(starts, graphs=graphs))
        gone = (name for name in found if str(name) not in known)
        while some := list(islice(gone, _MOST_NAMES)):
            self._agree(Lot(some, set(), graphs))

    def _refuse(self, differs: Difference, missing: set[ox.Quad], pruned: set[ox.Quad]) -> None:
        """See to it that what was sent and removed is there and gone.

        Raises:
            NotBuildable: it is not.
        """
        shown = self._replica.endpoint.shown
        if differs.missing:
            first = min(differs.missing, key=str)
            instead = [
                str(quad.object)
                for quad in differs.extra
                if (quad.subject, quad.predicate) == (first.subject, first.predicate)
            ]
            told = f"; there is {min(instead)}" if instead else ""
            raise NotBuildable(
                f"{shown}: took {len(missing):,} quads, and {len(differs.missing):,} of them "
                f"are not there, such as: {first}{told}",
                hint=self._replica.advice,
            )
        if still := pruned & differs.extra:
            raise NotBuildable(
                f"{shown}: {len(still):,} quads that it was to remove are still there, "
                f"such as: {min(still, key=str)}"
            )

    def _broken_off(self, error: CcgkgError) -> NotBuildable:
        """What stopped it, how far it had come, and how to go on."""
        done, hint = self._done, error.hint
        told = f"{done.known:,} of {done.total:,} quads are known to be there"
        again = "; push again, and it goes on from there" if self._sending else ""
        if not self._replica.graph and "default graph" in error.message.lower():
            hint = self._named()
        return NotBuildable(f"{error.message}\n{told}{again}.", hint=hint)

    def _named(self) -> str:
        return f"Name the graph that takes its place: ccgkg push … --graph {self._base}dataset"


def _starts(quad: ox.Quad, starts: tuple[str, ...]) -> bool:
    """Whether the IRI of a quad's subject starts in one of some ways."""
    return isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(starts)
