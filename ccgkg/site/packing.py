"""Packing: the model of a large map, with numbers where ids would be told again and again.

A thing, claim or kind is numbered by its place in the list of them; what the scripts take for
granted is left out. `whole` in `1-model.js` undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["packed"]

_USUAL = {"own": "", "bend": 0, "standing": "affirmed"}
"""Fields of an edge that are left out where they have this value."""


def packed(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model that takes less than half the room and says the same.

    An id that is in no list stays as it is.
    """
    things, claims, kinds = (
        {item["id"]: at for at, item in enumerate(model[name])}
        for name in ("nodes", "claims", "kinds")
    )

    def numbers(ids: Iterable[str], of: Mapping[str, int]) -> list[int | str]:
        return [of.get(each, each) for each in ids]

    edges = []
    for edge in model["edges"]:
        told = {name: value for name, value in edge.items() if _USUAL.get(name) != value}
        told["from"], told["to"] = numbers((edge["from"], edge["to"]), things)
        told["kind"] = kinds.get(edge["kind"], edge["kind"])
        told["claims"] = numbers(edge["claims"], claims)
        edges.append(told)
    ends = ("subjects", "objects", "voices")
    return {
        **model,
        "edges": edges,
        "lenses": [{**lens, "claims": numbers(lens["claims"], claims)} for lens in model["lenses"]],
        "claims": [
            {
                **{name: value for name, value in claim.items() if name != "source"},
                **{end: numbers(claim[end], things) for end in ends},
            }
            for claim in model["claims"]
        ],
    }
