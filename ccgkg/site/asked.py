"""Asked: the one network that a user names: a lens, a query, or some actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ccgkg.errors import UsageError, nearest
from ccgkg.network.ties import Drawn, of_answer
from ccgkg.queries.naming import Talk, resolve_iri
from ccgkg.queries.running import Query, bound, load
from ccgkg.site.atlas import Atlas, DrawnLens, is_actor

__all__ = ["asked_for", "of_actors", "of_query"]


def asked_for(
    atlas: Atlas, names: Sequence[str], values: Mapping[str, str], talk: Talk
) -> DrawnLens | None:
    """What a user names; None where nothing is named, and so everything is meant.

    Args:
        atlas: the network.
        names: one lens, query or file of SPARQL; or actors by key, label or alias.
        values: parameters of the query.
        talk: told what was taken where a name was not exact.

    Raises:
        UsageError: there is no such thing; the nearest names are given.
        QueryError: the query is wrong, or its answer is no network.
    """
    if not names:
        if values:
            raise UsageError(
                f"`{next(iter(values))}=` is a parameter of no query",
                hint="Name the query before it: ccgkg network between from=… to=…",
            )
        return None
    first = names[0]
    if atlas.store.manifest.query(first) is not None or Path(first).is_file():
        if len(names) > 1:
            raise UsageError(f"`{first}` is a query: nothing but its parameters goes with it")
        lens = next((lens for lens in atlas.lenses if lens.name == first and not values), None)
        return lens or of_query(atlas, load(atlas.store, first), values, talk)
    if values:
        near = _near_queries(atlas, first)
        hint = f"Nearest: {', '.join(near)}. " if near else ""
        raise UsageError(f"there is no query `{first}`", hint=f"{hint}All queries: ccgkg query")
    actors = dict.fromkeys(_actor(atlas, name, talk) for name in names)
    return of_actors(atlas, list(actors))


def _near_queries(atlas: Atlas, typed: str) -> list[str]:
    """The queries whose name, or a word of it, is most like what was typed."""
    names = [query["name"] for query in atlas.store.manifest.queries]
    words = {word: name for name in reversed(names) for word in name.split("-") if len(word) > 3}
    return list(dict.fromkeys(words.get(near, near) for near in nearest(typed, [*names, *words])))


def _actor(atlas: Atlas, name: str, talk: Talk) -> str:
    try:
        iri = resolve_iri(atlas.store, name, talk, "actor")
    except UsageError as error:
        near = _near_queries(atlas, name)
        told = f"Nearest queries: {', '.join(near)}. " if near else ""
        raise UsageError(
            f"there is no lens, query or file `{name}`, and {error.message}",
            hint=f"{told}{error.hint}".strip(),
        ) from None
    return iri.removeprefix(atlas.store.manifest.corpus["base"])


def of_query(atlas: Atlas, query: Query, values: Mapping[str, str], talk: Talk) -> DrawnLens:
    """The network of a query's answer."""
    text = bound(atlas.store, query, values, talk)
    drawn = of_answer(atlas.statements, atlas.store.ask(text), atlas.store)
    header = atlas.store.manifest.query(query.name) or {}
    told = ", ".join(f"{name}: {value}" for name, value in values.items())
    title = header.get("summary") or "A query as a network"
    return DrawnLens(
        name=query.name or "query",
        title=f"{title} ({told})" if told else title,
        says=header.get("description") or "What the query finds, drawn as lines between things.",
        topics=_has_topics(atlas, drawn),
        drawn=drawn,
        own=False,
    )


def of_actors(atlas: Atlas, actors: Sequence[str]) -> DrawnLens:
    """All that is said to go from or to some actors."""
    wanted = set(actors)
    ties = tuple(tie for tie in atlas.whole.ties if wanted & {tie.source, tie.target})
    claims = tuple(dict.fromkeys(tie.claim for tie in ties))
    drawn = Drawn(ties, claims)
    names = [atlas.statements.things[key].label for key in actors if key in atlas.statements.things]
    told = " and ".join(names)
    return DrawnLens(
        name="-".join(key.rpartition("/")[2] for key in actors),
        title=f"Around {told}",
        says=f"What is said to go from {told} to others, and from others to {told}.",
        topics=False,
        drawn=drawn,
        own=False,
    )


def _has_topics(atlas: Atlas, drawn: Drawn) -> bool:
    """Whether most ties end in a topic or a work, so that without them little would be seen."""
    things = {**atlas.statements.things, **drawn.things}
    ends = [
        is_actor(things[tie.source].type) and is_actor(things[tie.target].type)
        for tie in drawn.ties
    ]
    return sum(ends) * 2 < len(ends)
