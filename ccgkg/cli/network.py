"""`ccgkg network`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place, standard_input, talk, values_of
from ccgkg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgkg.site.atlas import Atlas, DrawnLens


@click.command()
@click.argument("names", nargs=-1, metavar="[LENS|QUERY|ACTOR]... [PARAMETER=VALUE]...")
@click.option("--sparql", metavar="TEXT", help="A SELECT or CONSTRUCT query as a network.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file; left out: network.html here; -: standard output.",
)
@click.option("--open", "opening", is_flag=True, help="Show the page in the browser.")
@click.option("--force", is_flag=True, help="Replace a file that ccgkg did not write.")
@click.option(
    "--arrange", is_flag=True, help="Write seeds/map.yaml: a place for each actor without one."
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917  (click hands over each option)
    place: Place,
    names: tuple[str, ...],
    sparql: str | None,
    output: Path | None,
    opening: bool,
    force: bool,
    arrange: bool,
) -> None:
    """Draw the network as one page that opens without a network connection.

    Without a name it is the whole map with all lenses. A lens, or any query that
    names claims, pairs of things ?from and ?to, or constructs triples, is drawn
    alone; so are the surroundings of one or more actors. Lenses are queries too:
    ccgkg query lists them all.

    \b
    Example:
      ccgkg network --open
      ccgkg network carrots-and-sticks -o levers.html
      ccgkg network "area teams" "GP practices"
      ccgkg network between from=gps-no-role to=ccgs -o influence.html
    """  # noqa: D301
    if arrange:
        if names or sparql is not None or output or opening or force:
            raise UsageError("--arrange goes alone: it places every actor, whatever is drawn")
        return _arrange(place)
    to_stream = str(output) == "-"
    if to_stream and opening:
        raise UsageError("--open needs a file, and `-o -` writes none")
    from ccgkg.site.atlas import Atlas
    from ccgkg.site.evidence import read_evidence
    from ccgkg.site.explorer import map_page
    from ccgkg.site.writing import write_page

    store = place.store()
    atlas = Atlas(store)
    only = _asked(atlas, names, sparql)
    page = map_page(atlas, read_evidence(store), None, only=only)
    if only is not None and not only.drawn.ties:
        talk("no lines: the page says so")
    if to_stream:
        return click.echo(page)
    path = output or Path("network.html")
    write_page(path, page, force=force)
    talk(f"wrote {path} ({len(page.encode()) / 1e6:.1f} MB)")
    click.echo(path)
    if opening and click.launch(path.resolve().as_uri()) != 0:
        talk("no browser could be opened; open that file yourself")
    return None


def _asked(atlas: Atlas, names: Sequence[str], sparql: str | None) -> DrawnLens | None:
    from ccgkg.queries.running import of_text
    from ccgkg.site.asked import asked_for, of_query

    values = values_of(name for name in names if "=" in name)
    plain = [name for name in names if "=" not in name]
    if sparql is not None or plain == ["-"]:
        if sparql is not None and plain:
            raise UsageError("a name and --sparql do not go together")
        text = sparql if sparql is not None else standard_input()
        return of_query(atlas, of_text(text), values, talk)
    return asked_for(atlas, plain, values, talk)


def _arrange(place: Place) -> None:
    """Give each actor without a place one, and write the map."""
    from ccgkg.corpus.mapfile import MAP_FILE, mend_map, write_map
    from ccgkg.corpus.places import corpus_at
    from ccgkg.site.atlas import Atlas

    path = corpus_at(place.corpus).seeds / MAP_FILE
    # No dataset is built from a map with stale places, so these go first.
    if dropped := mend_map(path.parent):
        talk(f"no place for what is no actor any more, or shared one: {', '.join(dropped)}")
    atlas = Atlas(place.store())
    before = atlas.kept
    talk("arranging …" if before else "arranging from scratch; this takes half a minute …")
    bands, places = atlas.arranged()
    write_map(path, bands, {key.partition("/")[2]: spot for key, spot in places.items()})
    kept = len(set(before) & set(places))
    talk(f"{len(places)} actors: {kept} where they were, {len(places) - kept} placed")
    click.echo(path)
