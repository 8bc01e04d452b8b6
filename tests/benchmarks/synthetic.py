"""Large corpora for benchmarks: real in shape, made up in content, the same for the same seed.

A few actors do most of what is said (a power law), as in any corpus; every lever, modality and
standing occurs, statements are relayed, hedged, denied, measured and disputed. The files are
those that a curator writes, in the words of the shipped ontology; the tool builds them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["write_corpus"]

ROOT = Path(__file__).resolve().parent.parent.parent
PER_SOURCE = 80
"""Claims of one source: the shipped ones have between 42 and 70."""
_PER_PARAGRAPH = 6
_ISSUES = 24
_BEARINGS = 30
_FAME = 0.9
"""The actor of rank n is named n to the power of minus this as often as the first."""

_PLACES = [
    f"{front}{back}"
    for back in ("brook", "field", "ham", "wick", "ford", "ley", "bury", "minster")
    for front in ("North", "South", "East", "West", "Upper", "Lower", "Great", "Little")
]
_BODIES = (
    ("department", "organisation", "government"),
    ("board", "organisation", "national"),
    ("area team", "unit", "regional"),
    ("commissioners", "organisation", "commissioner"),
    ("trust", "organisation", "provider"),
    ("council", "organisation", "local"),
    ("federation", "body-of-organisations", "practice"),
    ("surgery", "organisation", "practice"),
    ("doctors", "group", "practice"),
    ("nurses", "group", "practice"),
    ("patients", "group", "public"),
    ("residents", "group", "public"),
    ("institute", "organisation", "observer"),
)
_BANDS = {
    "National": ["government", "national"],
    "Regional": ["regional"],
    "Local": ["commissioner", "local", "provider"],
    "Practice": ["practice"],
    "Public": ["public"],
    "Onlookers": ["observer"],
}
_ASKED = {"money": "money", "engagement": "engagement", "contracting-and-oversight": "contracts"}
"""Topics that the shipped queries name."""
_TOPICS = _ASKED | {
    f"{of}-{what}": f"{of} {what}"
    for of in ("diabetes", "dementia", "maternity", "stroke", "asthma", "cancer", "weekend")
    for what in ("care", "referrals", "prescribing", "budgets", "records", "staffing")
}
_ACTS = {
    "incentivises": "incentivise", "sanctions": "sanction", "directs": "direct",
    "advises": "advise", "oversees": "oversee", "pays": "pay", "influences": "influence",
    "supports": "support", "involves": "involve", "opposes": "oppose", "trains": "train",
}  # fmt: skip
"""Relations between actors, each with its plain verb."""
_DEEDS = {
    "commissions": "commission", "leads": "lead", "promotes": "promote", "takes-over": "take over"
}  # fmt: skip
"""Relations of an actor to a matter."""
_WHERE = (
    "across the county", "in the towns", "at every meeting", "throughout the winter",
    "on behalf of the region", "in the valley", "along the coast", "during the reform",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Manner:
    """One way to say something: the sentence, and the fields that go with it."""

    weight: int
    modality: str
    sentence: str
    fields: dict[str, Any]
    words: str = ""


_MANNERS = (
    _Manner(30, "opinion", "{who} {does} {whom} in matters of {topic} {where}.", {}),
    _Manner(20, "fact", "{who} {does} {whom} for the sake of {topic} {where}.", {}),
    _Manner(
        10, "finding", "{teller} found that {who} {does} {whom} over {topic} {where}.", {}, "found"
    ),
    _Manner(8, "prediction", "{who} will {do} {whom} because of {topic} {where}.", {}),
    _Manner(
        6, "opinion", "{who} perhaps {does} {whom} as to {topic} {where}.", {"hedge": "perhaps"}
    ),
    _Manner(6, "recommendation", "{who} should {do} {whom} on {topic} {where}.", {}),
    _Manner(6, "opinion", "{who} does not {do} {whom} over {topic} {where}.", {"denied": True}),
    _Manner(4, "intention", "{who} plans to {do} {whom} about {topic} {where}.", {}),
    _Manner(3, "question", "Does {who} {do} {whom} about {topic} {where}?", {}),
    _Manner(4, "opinion", "{teller} said that {who} {does} {whom} by {topic} {where}.", {}, "said"),
    _Manner(
        3,
        "perception",
        "{share}% of the staff of {teller} felt that {who} {does} {whom} over {topic} {where}.",
        {},
        "felt",
    ),
)


@dataclass(frozen=True)
class _Cast:
    """Who and what is spoken of: keys to labels, and how often each."""

    actors: dict[str, str]
    fame: Sequence[float]
    chance: random.Random

    def one(self) -> str:
        """An actor, the famous ones more often."""
        return self.chance.choices(list(self.actors), cum_weights=self.fame)[0]


def write_corpus(root: Path, actors: int, claims: int, seed: int = 1) -> Path:
    """Write a corpus with so many actors, each of which does something, and so many claims.

    Args:
        root: its folder, which is given back.
        actors: at most 832.
        claims: at least as many.
        seed: another one makes other claims.
    """
    chance = random.Random(seed)
    bodies = list(itertools.product(_PLACES, _BODIES))
    chance.shuffle(bodies)
    chosen = bodies[:actors]
    assert len(chosen) == actors <= claims
    labels = {f"{place} {body}".lower().replace(" ", "-"): f"{place} {body}"
              for place, (body, _, _) in chosen}  # fmt: skip
    fame = list(itertools.accumulate((rank + 1) ** -_FAME for rank in range(actors)))
    cast = _Cast(labels, fame, chance)
    _registers(root / "seeds", dict(zip(labels, (body for _, body in chosen), strict=True)), cast)
    spoken = _claims(cast, claims)
    made: list[tuple[str, dict[str, Any]]] = []
    for number, start in enumerate(range(0, claims, PER_SOURCE), 1):
        key = f"report-{number:03d}"
        part = list(itertools.islice(spoken, min(PER_SOURCE, claims - start)))
        _link(part, made, chance)
        made += [(f"{key}/{claim['id']}", claim) for claim in part]
        _source(root / "seeds" / key, part, 2012 + number % 8, cast)
    _write(root / "seeds/issues.yaml", _issues(made, chance))
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, root / name)
    return root


def _write(path: Path, entries: dict[str, Any]) -> None:
    """One entry per line, as YAML that is JSON too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = (f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in entries.items())
    path.write_text("".join(told), encoding="utf-8")


def _registers(seeds: Path, bodies: dict[str, tuple[str, str, str]], cast: _Cast) -> None:
    known = {"known": {"inferred": "made up"}}
    _write(
        seeds / "corpus.yaml",
        {
            "name": "synthetic",
            "title": "Who is said to move whom in a made-up county",
            "description": "Made up to see how large a corpus may be.",
            "base": "https://w3id.org/ccgkg/",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "version": "0.0.1",
            "publisher": "a benchmark",
        },
    )
    _write(
        seeds / "actors.yaml",
        {
            key: {"label": cast.actors[key], "kind": kind, "tier": tier, **known}
            for key, (_, kind, tier) in bodies.items()
        },
    )
    _write(seeds / "topics.yaml", {key: {"label": label} for key, label in _TOPICS.items()})
    bands = [{"label": label, "tiers": tiers} for label, tiers in _BANDS.items()]
    _write(seeds / "map.yaml", {"bands": bands, "places": {}})
    survey = {"label": "staff survey", "of": "study", "respondents": next(iter(bodies)), **known}
    measure = {"label": "felt that it is so", "wording": "felt that"}
    study = {"label": "study of the county", "type": "study", **known}
    _write(
        seeds / "works.yaml",
        {"works": {"study": study}, "waves": {"survey": survey}, "measures": {"felt": measure}},
    )


def _claims(cast: _Cast, count: int) -> Iterator[dict[str, Any]]:
    """The claims, each with the sentence that makes it as its quote, no two alike."""
    firsts, weights = list(cast.actors), [manner.weight for manner in _MANNERS]
    said: set[str] = set()
    number = 0
    while number < count:
        chance = cast.chance
        (manner,) = chance.choices(_MANNERS, weights)
        who = firsts[number] if number < len(firsts) else cast.one()
        whom, teller = cast.one(), cast.one()
        relation, plain = chance.choice(list((_ACTS if chance.random() < 0.85 else _DEEDS).items()))
        topic, share = chance.choice(list(_TOPICS)), chance.randrange(5, 96)
        end = whom if relation in _ACTS else topic
        sentence = manner.sentence.format(
            who=cast.actors[who],
            whom=cast.actors.get(end) or _TOPICS[end],
            teller=cast.actors[teller],
            does=relation.replace("-", " "),
            do=plain,
            topic=_TOPICS[topic],
            where=chance.choice(_WHERE),
            share=share,
        )
        if len({who, whom, teller}) < 3 or sentence in said:
            continue
        said.add(sentence)
        number += 1
        claim = {
            "quote": sentence,
            "id": f"{relation}-{number}",
            "edge": [who, relation, end],
            "modality": manner.modality,
            "about": topic,
            "text": sentence,
            **manner.fields,
        }
        if manner.words:
            claim["chain"] = [{"who": teller, "words": manner.words}]
        if manner.modality == "perception":
            claim["figure"] = {
                "said": f"{share}%",
                "value": share,
                "unit": "percent",
                "measure": "felt",
                "population": teller,
                "wave": "survey",
            }
        yield claim


def _link(part: Sequence[dict[str, Any]], made: Sequence[Any], chance: random.Random) -> None:
    """Let some claims dispute or support earlier ones of other sources."""
    for claim in part if made else ():
        kind = chance.choices(("disputes", "supports", ""), (1, 2, 17))[0]
        if kind:
            claim[kind] = [{"claim": chance.choice(made)[0], "why": "made up by a benchmark"}]


def _source(folder: Path, claims: Sequence[dict[str, Any]], year: int, cast: _Cast) -> None:
    voice = cast.one()
    title = f"{folder.name.capitalize()} of {cast.actors[voice]}"
    paragraphs = [
        " ".join(claim["quote"] for claim in claims[start : start + _PER_PARAGRAPH])
        for start in range(0, len(claims), _PER_PARAGRAPH)
    ]
    text = "\n\n".join([title, *paragraphs]) + "\n"
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text(text, encoding="utf-8", newline="")
    digest = hashlib.sha256(text.encode()).hexdigest()
    _write(
        folder / "source.yaml",
        {
            "key": folder.name,
            "file": {"name": "source.txt", "sha256": digest},
            "record": {"type": "report", "title": title, "issued": {"date-parts": [[year]]}},
            "known": {"title": {"stated": "first line"}, "issued": {"outside": "made up"}},
            "agents": {"author": voice},
            "regions": [{"id": "title", "kind": "heading", "quote": title}],
            "rights": "made up",
        },
    )
    head = {"source": folder.name, "voices": {"body": [voice]}}
    told = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    told += ["claims:", *(f"- {json.dumps(claim)}" for claim in claims)]
    (folder / "claims.yaml").write_text("\n".join(told) + "\n", encoding="utf-8")


def _issues(made: Sequence[tuple[str, dict[str, Any]]], chance: random.Random) -> dict[str, Any]:
    """Questions on which claims of one topic bear."""
    found = {}
    for topic in itertools.islice(_TOPICS, _ISSUES):
        bearing = [short for short, claim in made if claim["about"] == topic][:_BEARINGS]
        if len(bearing) < 2:
            continue
        sides: dict[str, list[dict[str, str]]] = {"for": [], "against": [], "qualifies": []}
        for place, short in enumerate(bearing):
            side = ("for", "against")[place] if place < 2 else chance.choice(list(sides))
            sides[side].append({"claim": short, "why": "made up by a benchmark"})
        label = f"Does {_TOPICS[topic]} move anybody?"
        found[f"on-{topic}"] = {"label": label, "about": [topic], **sides}
    return found
