"""Citations: who says what, in which words, where it is printed, in which dataset.

A citation names the claim's address and the digest of its content, so that a reader can
tell years later whether the claim still says what was cited.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from ccgkg.citations.references import biblatex, csl_json, reference, year_suffixes
from ccgkg.corpus.markdown import escaped
from ccgkg.dataset.cache import Manifest
from ccgkg.dataset.cards import BearingCard, Card, ChainStep, PassageCard

__all__ = ["FORMATS", "bibliography", "cite", "footnote", "told_by"]

_SHORT = 12
"""Hexadecimal digits of a digest that are shown."""

_STANCES = {"distances": "keeping a distance", "rejects": "rejecting it", "endorses": "agreeing"}


def told_by(chain: Sequence[ChainStep]) -> str:
    """The chain in words, from the asserter to the teller.

    >>> told_by([ChainStep("some GPs", "asserter", "say", "", "neutral"),
    ...          ChainStep("Chris Naylor", "teller", "", "", "distances")])
    'some GPs (“say”), as told by Chris Naylor (keeping a distance)'
    """
    told = []
    for step in chain:
        words = step.who
        if step.words:
            words += f" (“{step.words}”)"
        if step.document:
            words += f" in {step.document}"
        if step.stance in _STANCES:
            words += f" ({_STANCES[step.stance]})"
        if step.unclear:
            words += f" (not certain: {step.unclear})"
        told.append(words)
    return ", as told by ".join(told)


def qualities(card: Card) -> str:
    """Modality and polarity, with hedge and conditions, in words."""
    parts = [card.modality, card.polarity]
    if card.hedge:
        parts.append(f"hedged: “{card.hedge}”")
    parts += card.conditions
    parts += [f"lever: {lever}" for lever in card.levers]
    if card.withdrawn:
        parts.append(f"WITHDRAWN: {card.withdrawn}")
    return "; ".join(parts)


def _bearing(bearing: BearingCard) -> str:
    """What a curator makes of a claim; no part of what is cited, so only `_text` tells it."""
    return f"bears on “{bearing.issue}” ({bearing.side}): {bearing.because}"


def _places(card: Card) -> list[str]:
    lines = []
    for passage in card.passages:
        spans = " and ".join(f"{start}–{end}" for start, end in passage.stretches)
        inserted = "".join(f", inserted: [{words}]" for words in passage.insertions)
        again = f", printed again in {passage.source}" if _elsewhere(card, passage) else ""
        lines.append(f"“{passage.quote}” ({passage.verdict}, characters {spans}{inserted}{again})")
    return lines


def _elsewhere(card: Card, passage: PassageCard) -> bool:
    """Whether a passage stands in another printing of the article."""
    return passage.source not in ("", card.source.key)


def _dataset(manifest: Manifest) -> str:
    corpus = manifest.corpus
    return f"{corpus['name']} {corpus['version']}, sha256:{manifest.digest[:_SHORT]}"


def _text(cards: Sequence[Card], manifest: Manifest) -> str:
    suffixes = year_suffixes(card.source for card in cards)
    blocks = []
    for card in cards:
        lines = [card.label]
        lines += [f"  {place}" for place in _places(card)]
        lines += [
            f"  said by {told_by(card.chain)}",
            f"  {qualities(card)}",
            f"  {reference(card.source, suffixes[card.source.key])}",
            f"  {card.iri} (content {card.digest[:_SHORT]}; dataset {_dataset(manifest)})",
        ]
        lines += [f"  {_bearing(bearing)}" for bearing in card.bearings]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _markdown(cards: Sequence[Card], manifest: Manifest) -> str:
    suffixes = year_suffixes(card.source for card in cards)
    blocks = []
    for card in cards:
        quotes = "\n>\n".join(f"> {escaped(place)}" for place in _places(card))
        blocks.append(
            f"{quotes}\n>\n"
            f"> — said by {escaped(told_by(card.chain))} ({escaped(qualities(card))}).\n\n"
            f"{escaped(card.label)} "
            f"{escaped(reference(card.source, suffixes[card.source.key]))} "
            f"Claim [{escaped(card.short)}](<{card.iri}>), content `{card.digest[:_SHORT]}`, "
            f"dataset {escaped(_dataset(manifest))}."
        )
    return "\n\n".join(blocks)


def _csl(cards: Sequence[Card], manifest: Manifest) -> str:
    items = []
    for card in cards:
        notes = {
            "annote": f"{card.label} {'; '.join(_places(card))} — said by {told_by(card.chain)}; "
            f"{qualities(card)}",
            "custom": {
                "claim": card.iri,
                "content": f"sha256:{card.digest}",
                "dataset": f"sha256:{manifest.digest}",
                "dataset-version": f"{manifest.corpus['name']} {manifest.corpus['version']}",
                "known": card.source.known,
            },
        }
        items.append({**csl_json(card.source), "id": card.short, **notes})
    return json.dumps(items, ensure_ascii=False, indent=2)


def _biblatex(cards: Sequence[Card], manifest: Manifest) -> str:
    by_source: dict[str, list[Card]] = {}
    for card in cards:
        by_source.setdefault(card.source.key, []).append(card)
    entries = []
    for same in by_source.values():
        told = "; ".join(
            f"{' '.join(_places(card))} — said by {told_by(card.chain)} ({qualities(card)}), "
            f"{card.iri}, content {card.digest[:_SHORT]}"
            for card in same
        )
        entries.append(
            biblatex(same[0].source, {"annotation": f"{told}; dataset {_dataset(manifest)}"})
        )
    return "\n\n".join(entries)


FORMATS: Mapping[str, Callable[[Sequence[Card], Manifest], str]] = {
    "text": _text,
    "markdown": _markdown,
    "csl-json": _csl,
    "biblatex": _biblatex,
}
"""Every form in which a claim can be cited."""


def cite(cards: Sequence[Card], manifest: Manifest, format: str = "text") -> str:
    """Cite claims in one of `FORMATS`."""
    return FORMATS[format](cards, manifest)


def footnote(card: Card) -> str:
    """One claim in one line, for the foot of a table; the source in short."""
    own = [passage for passage in card.passages if not _elsewhere(card, passage)]
    quotes = " / ".join(f"“{passage.quote}”" for passage in own)
    told = f"{told_by(card.chain)} ({card.source.key}; {qualities(card)})"
    return f"{quotes} — {told} {card.iri}"


def bibliography(cards: Sequence[Card]) -> list[str]:
    """The references of all sources of some claims, each once."""
    suffixes = year_suffixes(card.source for card in cards)
    sources = {card.source.key: card.source for card in cards}
    return [f"{key}: {reference(sources[key], suffixes[key])}" for key in sorted(sources)]
