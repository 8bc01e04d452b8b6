"""The directory: what the registers hold, told to whoever needs a key or a name.

It is read from the curation files and not from the dataset, since it is wanted while curating,
when the corpus may have errors and the dataset is older than the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccgkg.corpus.findings import Findings
from ccgkg.corpus.issues import SIDES, Issue, read_issues
from ccgkg.corpus.library import reader_keys, register_keys
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.registers import read_registers
from ccgkg.corpus.stems import stems
from ccgkg.corpus.vocabulary import Vocabulary

__all__ = ["REGISTERS", "Directory", "Entry", "read_directory"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a register, as it is told.

    Attributes:
        kind: `actor`, `topic` …
        key, label, aliases: its names.
        above: what it is listed under: tier, type or work; the keys of broader topics.
        about: what else orders it: an actor's kind, a work's date, the days of a time …
    """

    kind: str
    key: str
    label: str
    aliases: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    about: str = ""

    def head(self, *said: str) -> str:
        """Key and label, with what is said of it in brackets."""
        inside = "; ".join(filter(None, said))
        return f"{self.key} ({inside}): {self.label}" if inside else f"{self.key}: {self.label}"

    @property
    def also(self) -> str:
        """Its aliases, except one that is printed like its label."""
        others = [f"“{alias}”" for alias in self.aliases if alias != self.label]
        return f"also {', '.join(others)}" if others else ""

    @property
    def searched(self) -> str:
        """Its names, folded, with a space before each word: a word is found from its beginning."""
        names = (self.key, self.label, *self.aliases)
        return "".join(f" {stem}" for name in names for stem in stems(name))


@dataclass(frozen=True)
class Directory:
    """The entries of all registers that could be read, and what is wrong with the others.

    Attributes:
        entries: for each register (`actors`, `topics` …) its entries in the order of its list.
        faults: one line for each thing that is wrong.
    """

    entries: Mapping[str, Sequence[Entry]]
    faults: tuple[str, ...]

    def counts(self) -> str:
        """The registers with the number of their entries."""
        return ", ".join(f"{name} ({len(entries)})" for name, entries in self.entries.items())

    def listing(self, register: str) -> str:
        """All entries of one register, in its order."""
        entries = self.entries[register]
        lines = _tree(entries) if register == "topics" else _grouped(entries)
        order = REGISTERS[register]
        return "\n".join([f"{register} ({len(entries)}){order and f', {order}'}:", *lines])

    def holding(self, words: Sequence[str]) -> str:
        """The entries whose key, label and aliases together hold all the words."""
        wanted = [stem for word in words for stem in stems(word)]
        told = []
        for entry in (entry for entries in self.entries.values() for entry in entries):
            if wanted and all(f" {stem}" in entry.searched for stem in wanted):
                head = entry.head(entry.kind, ", ".join(entry.above), entry.about)
                told.append(f"{head}\n  {entry.also}" if entry.also else head)
        return "\n\n".join(told)

    @property
    def keys(self) -> list[str]:
        """The keys of all entries."""
        return [entry.key for entries in self.entries.values() for entry in entries]


REGISTERS: Mapping[str, str] = {
    "actors": "by tier and kind",
    "topics": "each below what is broader",
    "works": "by type",
    "waves": "by work",
    "measures": "",
    "times": "by their days",
    "issues": "",
}
"""The registers, and in which order each is listed; without one, in that of the file."""


def read_directory(place: CorpusPlace, vocabulary: Vocabulary) -> Directory:
    """Read the registers; an entry that is wrong is left out, and told as a fault."""
    findings = Findings(place.root)
    keys = reader_keys(vocabulary)
    registers = read_registers(place.seeds, keys, findings)
    issues = read_issues(place.seeds, keys | register_keys(registers), registers.places, findings)
    rank = {
        name: {term: at for at, term in enumerate(vocabulary.schemes.get(name, ()))}
        for name in ("tier", "kind", "work-type")
    }

    def tier_and_kind(entry: Entry) -> tuple[int, int]:
        return rank["tier"][entry.above[0]], rank["kind"][entry.about]

    entries = {f"{kind}s": _entries(kind, held) for kind, held in registers.entries.items()}
    entries["issues"] = [_issue(key, issue) for key, issue in issues.items()]
    entries["actors"].sort(key=tier_and_kind)
    entries["works"].sort(key=lambda entry: rank["work-type"][entry.above[0]])
    entries["waves"].sort(key=lambda entry: entry.above)
    entries["times"].sort(key=lambda entry: _days(registers.entries["time"][entry.key]))
    # Where a file cannot be read, every key of it would be called unknown in the others.
    faults = [finding for finding in findings.of("error") if finding.rule == "unreadable"]
    told = tuple(map(str, faults or findings.of("error")))
    return Directory({name: entries[name] for name in REGISTERS}, told)


def _entries(kind: str, held: Mapping[str, Any]) -> list[Entry]:
    order = _ORDER.get(kind, lambda _: ((), ""))
    return [Entry(kind, key, form.label, form.aliases, *order(form)) for key, form in held.items()]


def _days(time: Any) -> tuple[str, str]:
    return str(time.from_ or ""), str(time.until or "")


def _span(time: Any) -> str:
    first, last = _days(time)
    return f"{first} to {last}" if first and last else f"{first} on" if first else f"to {last}"


_ORDER: Mapping[str, Callable[[Any], tuple[tuple[str, ...], str]]] = {
    "actor": lambda actor: ((actor.tier,), actor.kind),
    "topic": lambda topic: (topic.broader, ""),
    "work": lambda work: ((work.type,), str(work.date or "")),
    "wave": lambda wave: ((wave.of,), wave.time or ""),
    "time": lambda time: ((), _span(time) if any(_days(time)) else ""),
}
"""For each kind what its entries are listed under, and what else orders them."""


def _issue(key: str, issue: Issue) -> Entry:
    taken = [bearing.side for bearing in issue.bearings]
    sides = ", ".join(f"{taken.count(side)} {side}" for side in SIDES if side in taken)
    return Entry("issue", key, issue.form.label, about=sides)


def _grouped(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries, each group below its name."""
    above: tuple[str, ...] = ()
    for entry in entries:
        if entry.above != above:
            above = entry.above
            yield f"  {', '.join(above)}"
        yield _line(entry, 2 if above else 1, entry.about)


def _tree(topics: Sequence[Entry]) -> Iterator[str]:
    """The topics, each below every topic that is broader; a root has none that could be read."""
    known = {topic.key for topic in topics}
    told: set[str] = set()

    def below(topic: Entry, path: tuple[str, ...]) -> Iterator[str]:
        told.add(topic.key)
        yield _line(topic, len(path) + 1)
        for other in topics:
            if topic.key in other.above and other.key not in (*path, topic.key):
                yield from below(other, (*path, topic.key))

    for topic in topics:
        if known.isdisjoint(topic.above):
            yield from below(topic, ())
    # A cycle has no root: it is a fault, told as one, and still has keys.
    for topic in topics:
        if topic.key not in told:
            yield from below(topic, ())


def _line(entry: Entry, depth: int, *said: str) -> str:
    return "  " * depth + "; ".join(filter(None, (entry.head(*said), entry.also)))
