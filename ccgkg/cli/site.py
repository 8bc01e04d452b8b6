"""`ccgkg site`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ccgkg.cli import Place, talk


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="The folder; the tool's own earlier site in it is replaced.",
)
@click.option("--open", "opening", is_flag=True, help="Open the first page in a browser.")
@click.option(
    "--force",
    is_flag=True,
    help="Take the place of a folder that the tool did not write; that one is moved aside.",
)
@click.option(
    "--excerpts",
    is_flag=True,
    help="Print only the sentences that carry a claim, where the texts may not be published.",
)
@click.pass_obj
def command(place: Place, output: Path, opening: bool, force: bool, excerpts: bool) -> None:
    """Write the claims, their sources and every view of them as web pages.

    The pages are plain files that ask the network for nothing: open index.html in a
    browser, or put the folder on any web server. The earlier site stays as it is until
    the new one is whole.

    \b
    Example:
      ccgkg site
      ccgkg site -o public --open
      ccgkg site -o public --excerpts
    """  # noqa: D301
    # Jinja and every page of it: no other command pays for them.
    from ccgkg.site.pages import pages, site_of
    from ccgkg.site.writing import write_site

    began = time.perf_counter()
    store = place.store()
    site = site_of(store, excerpts=excerpts)
    written = write_site(output, pages(site), store.manifest.digest, force=force)
    seconds = time.perf_counter() - began
    if written.kept is not None:
        talk(f"what was in {output} is now in {written.kept}")
    talk(f"wrote {written.folder} ({written.pages} pages, {seconds:.1f} s)")
    index = written.folder / "index.html"
    click.echo(index)
    if opening and click.launch(index.as_uri()) != 0:
        talk("no browser could be opened; open that file yourself")
