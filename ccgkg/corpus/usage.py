"""Usage: what of registers and vocabulary the claims use, how much of it, and under which name."""

from __future__ import annotations

from collections import Counter

from ccgkg.corpus.accounts import Whole
from ccgkg.corpus.findings import Fault, Findings
from ccgkg.corpus.names import keys_by_form
from ccgkg.corpus.places import TOOL_VOCABULARY
from ccgkg.corpus.registers import Registers
from ccgkg.corpus.rules import LEAST_CLAIMS, MOST_SHARE
from ccgkg.corpus.stems import stems
from ccgkg.corpus.text import plain
from ccgkg.corpus.vocabulary import UNSTATED

__all__ = ["check_usage"]


def check_usage(whole: Whole, findings: Findings) -> None:
    """Ask about entries and relations that nobody uses, names of two things, and dustbins."""
    used = _used(whole)
    registers = whole.shared.corpus.registers
    for kind in ("actor", "topic"):
        entries = registers.entries[kind]
        shared = _shared(registers, kind)
        for key, place in registers.places.items():
            if key in entries:
                faults = shared.get(key, [])
                if key not in used:
                    faults = [*faults, Fault(f"unused-{kind}", _UNUSED[kind])]
                findings.settle(place, f"`{key}`", faults, entries[key].accept)
    _check_relations(whole, findings)


_UNUSED = {
    "actor": "no claim, chain, register or source names this actor",
    "topic": "no claim and no register names this topic",
}


def _used(whole: Whole) -> set[str]:
    """The keys that claims, registers and sources name."""
    used = {UNSTATED}.union(*(account.names for account in whole.accounts.values()))
    corpus = whole.shared.corpus
    registers = corpus.registers
    for actor in registers.actors.values():
        ties = (*actor.broader, *actor.part_of, *actor.members, *actor.succeeds, *actor.post)
        used.update(tie.actor for tie in ties)
    for topic in registers.topics.values():
        used.update(topic.broader, topic.of)
    used.update(*(work.by for work in registers.works.values()))
    used.update(wave.respondents or UNSTATED for wave in registers.entries["wave"].values())
    used.update(*(issue.form.about for issue in corpus.issues.values()))
    return used


def _shared(registers: Registers, kind: str) -> dict[str, list[Fault]]:
    """The names that an entry has in common with another one, by key."""
    shared: dict[str, list[Fault]] = {}
    entries = registers.entries[kind]
    for form, keys in keys_by_form(entries.items()).items():
        placed = sorted(keys & registers.places.keys(), key=registers.places.__getitem__)
        for at, key in enumerate(placed if len(placed) > 1 else ()):
            other = placed[0 if at else 1]
            path, line = registers.places[other]
            names = (entries[key].label, *entries[key].aliases)
            name = plain(next(name for name in names if stems(name) == form))
            shared.setdefault(key, []).append(
                Fault(
                    "alias-shared",
                    f"“{name}” also names `{other}` ({path.name}:{line}); leave it to one of "
                    f"them, or `accept: {{{name!r}: why}}`",
                    name,
                    told_elsewhere=at == 0,
                )
            )
    return shared


def _check_relations(whole: Whole, findings: Findings) -> None:
    """Ask about relations that carry too many claims, or none."""
    corpus, accounts = whole.shared.corpus, whole.accounts.values()
    carried: Counter[str] = Counter()
    for account in accounts:
        carried.update(account.carried)
    made = {name for account in accounts for name in account.relations}
    standing = carried.total()
    many = standing >= LEAST_CLAIMS
    dustbins = [
        Fault(
            "dustbin",
            f"`{name}` carries {count} of {standing} claims ({count / standing:.0%}); take "
            f"narrower relations, or `accept: {{{name}: why}}`",
            name,
        )
        for name, count in sorted(carried.items())
        if many and count > MOST_SHARE * standing
    ]
    findings.settle(
        (whole.shared.place.seeds / "corpus.yaml", 0), "relations", dustbins, corpus.form.accept
    )
    for name, relation in sorted(corpus.vocabulary.relations.items()):
        home = relation.term.home
        if name not in made and home is not None and home.name != TOOL_VOCABULARY:
            findings.add(home, 0, "unused-relation", f"no claim uses the relation `{name}`")
