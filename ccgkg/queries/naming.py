"""Naming: the one IRI that a user means by what was typed, or an error that helps.

The parameters of queries and `find --actor` come here. A name that fits one thing without being
its exact name is taken, and said; one that fits several is never decided.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ccgkg.errors import UsageError, nearest

if TYPE_CHECKING:
    from ccgkg.corpus.matching import Named
    from ccgkg.dataset.asking import Askable

__all__ = ["Talk", "resolve_iri"]

Talk = Callable[[str], None]

_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*$")
_KINDS = ("actor", "topic", "work", "source", "wave", "measure", "time", "issue")
_MOST = 10
"""How many of several things are listed: what fits a screen."""


def resolve_iri(store: Askable, value: str, talk: Talk = lambda _: None, kind: str = "") -> str:
    """The IRI that a user means: an IRI, a prefixed name, a short id, a key, a label, an alias.

    Args:
        store: knows what keys, labels and aliases there are.
        value: what was typed.
        talk: told what was taken, where the name was not exact.
        kind: only things of this kind (`actor` …); left out: anything.

    Raises:
        UsageError: nothing or several things answer to it.
    """
    base = store.manifest.corpus["base"]
    given = value.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = given.partition(":")
    if colon and prefix in store.manifest.prefixes and not local.startswith("//"):
        given = store.manifest.prefixes[prefix] + local
    if _IRI.match(given):
        return _known(store, given, kind)
    claim = f"{base}claim/{given}"
    if not kind and "/" in given and _IRI.match(claim) and store.known([claim]):
        return claim
    by_key = _with_key(store, given, [f"{base}{name}/" for name in _kinds(kind)])
    if len(by_key) == 1:
        return by_key[0]
    return _named(store, given, talk, kind)


def _kinds(kind: str) -> Sequence[str]:
    return (kind,) if kind else _KINDS


def _known(store: Askable, iri: str, kind: str) -> str:
    """The IRI itself.

    Raises:
        UsageError: the dataset says nothing of it, or it is no thing of this kind.
    """
    if not store.known([iri]):
        hint = _nearest_names(store, _things(store, kind), _tail(iri))
        raise UsageError(f"the dataset says nothing of <{iri}>", hint=hint)
    if kind and not iri.startswith(f"{store.manifest.corpus['base']}{kind}/"):
        raise UsageError(f"<{iri}> is no {kind}", hint=f"All of them: ccgkg terms {kind}s")
    return iri


def _with_key(store: Askable, key: str, namespaces: Sequence[str]) -> list[str]:
    if not re.fullmatch(r"[\w.~-]+", key):
        return []
    return store.known(namespace + key for namespace in namespaces)


def _named(store: Askable, name: str, talk: Talk, kind: str) -> str:
    # Only a value that is neither IRI nor key pays for reading the names.
    from ccgkg.corpus.matching import alike, exactly, within

    things = _things(store, kind)
    found = exactly(name, things)
    if len(found) == 1:
        return found[0].iri
    # The words of the ontology stand back: `practice` may be a tier or mean the practices.
    terms = [] if kind or found else _terms(store, name)
    found = found or [*alike(name, things), *terms] or within(name, things)
    if len(found) > 1:
        raise UsageError(f"`{name}` may be any of:\n{_listed(found, name)}", hint=_CHOOSE)
    if not found:
        hint = _nearest_names(store, things, name)
        every = f"ccgkg terms {kind}s" if kind else "ccgkg terms actors, ccgkg terms topics …"
        raise UsageError(
            f"{f'no {kind}' if kind else 'nothing'} is called `{name}`",
            hint=f"{hint}\nAll names: {every}".strip(),
        )
    talk(f"`{name}` is taken as {found[0]}")
    return found[0].iri


_CHOOSE = "Give one of these keys, or an IRI."


def _listed(found: Sequence[Named], name: str) -> str:
    ordered = sorted(found, key=lambda thing: (len(thing.label), thing.iri))
    lines = [
        f"  {thing.key}: {thing.label} ({thing.kind})" if thing.label else f"  {thing.key}"
        for thing in ordered[:_MOST]
    ]
    if len(ordered) > _MOST:
        lines.append(f"  and {len(ordered) - _MOST} more: ccgkg terms {name}")
    return "\n".join(lines)


def _things(store: Askable, kind: str) -> list[Named]:
    """The corpus's own resources with their labels and aliases, except claims."""
    from ccgkg.corpus.matching import Named

    base, kinds = store.manifest.corpus["base"], _kinds(kind)
    labels: dict[str, str] = {}
    aliases: dict[str, list[str]] = defaultdict(list)
    classes = " ".join(f"ccg:{name.capitalize()}" for name in kinds)
    for thing, label, alias in store.rows(
        f"SELECT ?thing ?label ?alias WHERE {{ VALUES ?class {{ {classes} }} "
        "?thing a ?class ; rdfs:label ?label "
        "OPTIONAL { ?thing skos:altLabel ?alias } } ORDER BY ?thing ?alias"
    ):
        if thing is None or label is None:
            continue  # an endpoint may answer what was not asked
        labels[thing.text] = label.text
        if alias is not None:
            aliases[thing.text].append(alias.text)
    named = []
    for iri, first in labels.items():
        own, _, key = iri.removeprefix(base).partition("/")
        # What lies below a source (its regions, its date) has no name of its own.
        if iri.startswith(base) and own in kinds and "/" not in key:
            named.append(Named(iri, own, key, first, tuple(aliases[iri])))
    return named


def _terms(store: Askable, key: str) -> list[Named]:
    """The terms of the vocabularies with this key."""
    from ccgkg.corpus.matching import Named

    resources = {f"{store.manifest.corpus['base']}{name}/" for name in _KINDS}
    prefixes = {ns: prefix for prefix, ns in store.manifest.prefixes.items() if ns not in resources}
    found = _with_key(store, key, list(prefixes))
    return [
        Named(iri, prefixes[iri.removesuffix(key)], f"{prefixes[iri.removesuffix(key)]}:{key}")
        for iri in found
    ]


def _nearest_names(store: Askable, things: Sequence[Named], word: str) -> str:
    from ccgkg.corpus.stems import stems

    if "/" in word:
        rows = store.rows("SELECT ?claim WHERE { ?claim a ccg:Claim }")
        claims = f"{store.manifest.corpus['base']}claim/"
        near = nearest(word, [claim.text.removeprefix(claims) for (claim,) in rows if claim])
        return f"Nearest: {', '.join(near)}" if near else ""
    called = {" ".join(stems(name)): thing for thing in things for name in thing.names}
    called |= {" ".join(stems(thing.key)): thing for thing in things}
    close = nearest(" ".join(stems(word)), called, most=_MOST)
    told = list(dict.fromkeys(str(called[name]) for name in close))[:3]
    return f"Nearest: {', '.join(told)}" if told else ""


def _tail(iri: str) -> str:
    if "/claim/" in iri:
        return iri.partition("/claim/")[2]
    return iri.rstrip("/").rpartition("/")[2]
