"""What the pages cost, as ratios taken side by side in one run.

    python tests/benchmarks/pages.py [--runs N] [--quick]

The first picture is the first frame in which a user sees the network on a canvas, counted from the
start of the navigation; on both sides it is found by the same script, which notes that a shape is
filled on a canvas of the page (vis-network paints boxes and lines at one go, and nothing before)
and takes the time when the next frame begins. Names would not do: zoomed out, pyvis draws none.
Both show the same network, topics and works included, as our map does at `#topics=yes`; raw pyvis
draws all of it, our map at most 150 boxes and 400 lines. As the map opens, without topics, the
network of the shipped corpus is so small (43 boxes) that both spend most of their time reading
vis-network: that ratio is told too, and has no mark.

Raw pyvis has no option but `cdn_resources="in_line"`; its requests to elsewhere fail at once, which
in a network that swallows them they would not. Beyond a hundred boxes it shows a bar over the
canvas until its physics has run a thousand rounds; what is drawn under that bar is not seen and not
counted, but the half second in which the bar fades away is not counted against it.

The corpora of 2,000 and 10,000 claims are made up (`synthetic.py`) and built by the tool. `--quick`
leaves them out: they take some ten minutes, most of it for pinning sentences and for raw pyvis.
Exits with 1 if a figure misses its mark.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from measuring import CCGKG, ROOT, Table, paired, process
from synthetic import write_corpus

sys.path.insert(0, str(ROOT / "tests"))
from browser.guard import ARGUMENTS, program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ccgkg.site.atlas import Atlas

QUERY = "carrots-and-sticks"
PATIENCE = 600_000
"""Milliseconds for one picture; raw pyvis needs a minute for 500 boxes, on a good day."""

_WATCH = """(() => {
  const proto = CanvasRenderingContext2D.prototype, fill = proto.fill;
  const hidden = () => {
    const bar = document.getElementById('loadingBar');
    return bar && bar.style.display !== 'none' && bar.style.opacity !== '0';
  };
  window.firstPicture = new Promise((seen, never) => {
    setTimeout(() => never(new Error('no picture')), PATIENCE);
    const look = () => (hidden() ? requestAnimationFrame(look) : seen(performance.now()));
    proto.fill = function (...given) {
      if (this.canvas.isConnected) {
        proto.fill = fill;
        requestAnimationFrame(look);
      }
      return fill.apply(this, given);
    };
  });
})()"""


class Pair(NamedTuple):
    """One network as two pages.

    Attributes:
        ours: our map.
        raw: the page of pyvis.
    """

    ours: str
    raw: str


def atlas_of(corpus: Path | None, cache: Path) -> Atlas:
    """The network of a corpus that has been built."""
    from ccgkg.dataset.opening import open_store
    from ccgkg.site.atlas import Atlas

    return Atlas(open_store(corpus, cache))


def map_of(atlas: Atlas, folder: Path) -> str:
    """The address of our map, written as the site has it."""
    from ccgkg.site.evidence import read_evidence
    from ccgkg.site.explorer import map_page
    from ccgkg.site.shards import shards_of

    evidence = read_evidence(atlas.store)
    shards = shards_of(evidence.standing, "")
    page = map_page(atlas, evidence, "", shards=shards.numbers if shards else None)
    path = folder / "map.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


def raw_page(atlas: Atlas, path: Path, *, topics: bool) -> str:
    """The address of raw pyvis's page of the same network."""
    from pyvis.network import Network

    from ccgkg.network.drawing import wrapped
    from ccgkg.network.ties import network_of

    things = atlas.statements.things
    shown = {key for key, thing in things.items() if topics or thing.type in ("actor", "")}
    network = network_of(tie for tie in atlas.whole.ties if {tie.source, tie.target} <= shown)
    raw = Network(directed=True, cdn_resources="in_line")
    for key in sorted(network):
        raw.add_node(key, label="\n".join(wrapped(things[key].label)))
    for source, target, claims in network.edges(data="claims"):
        raw.add_edge(source, target, value=len(claims))
    path.write_text(raw.generate_html(), encoding="utf-8")
    return path.as_uri()


def pairs_of(corpus: Path | None, cache: Path, folder: Path) -> tuple[Pair, Pair]:
    """Our map beside raw pyvis: with topics and works, and as it opens."""
    folder.mkdir()
    atlas = atlas_of(corpus, cache)
    ours = map_of(atlas, folder)
    whole = raw_page(atlas, folder / "whole.html", topics=True)
    actors = raw_page(atlas, folder / "actors.html", topics=False)
    return Pair(f"{ours}#topics=yes", whole), Pair(ours, actors)


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser that the tests use."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


def picture(chromium: Browser, address: str) -> float:
    """Seconds from the start of the navigation to the first picture."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.route(lambda url: url.startswith("http"), lambda route: route.abort())
    context.add_init_script(_WATCH.replace("PATIENCE", str(PATIENCE)))
    tab = context.new_page()
    tab.goto(address, wait_until="commit")
    milliseconds: float = tab.evaluate("window.firstPicture")
    context.close()
    return milliseconds / 1000


def beside_pyvis(pair: Pair, runs: int) -> tuple[str, float]:
    """The medians of both first pictures in words, and how many times sooner ours is."""
    with browser() as chromium:
        picture(chromium, pair.ours)
        times = [(picture(chromium, pair.raw), picture(chromium, pair.ours)) for _ in range(runs)]
    raw, ours = (statistics.median(each) for each in zip(*times, strict=True))
    return f"{raw:.2f} / {ours:.2f} s", statistics.median(a / b for a, b in times)


def writing(table: Table, cache: Path, folder: Path, runs: int) -> None:
    """The whole site of the shipped corpus beside the cold query."""
    query, site = [*CCGKG, "query", QUERY], [*CCGKG, "site", "-o", str(folder / "site")]
    ratio, a, b = paired(lambda: process(site, cache)[0], lambda: process(query, cache)[0], runs)
    table.at_most("ccgkg site / cold query", f"{a:.2f} / {b:.3f} s", ratio, 40)


def made_up(folder: Path, actors: int, claims: int) -> Path:
    """A synthetic corpus, its sentences pinned and its dataset built."""
    corpus = write_corpus(folder / f"corpus-{claims}", actors, claims)
    cache = folder / "cache"
    began = time.perf_counter()
    process([*CCGKG, "--corpus", str(corpus), "check", "--pin"], cache)
    pinned = time.perf_counter()
    process([*CCGKG, "--corpus", str(corpus), "build"], cache)
    print(
        f"({claims:,} claims: sentences pinned in {pinned - began:.0f} s, "
        f"dataset built in {time.perf_counter() - pinned:.0f} s)"
    )
    return corpus


def large(table: Table, folder: Path, shipped: Pair, runs: int) -> None:
    """The site of 10,000 claims: how long it takes, its largest page, and how its map opens."""
    corpus = made_up(folder, 812, 10_000)
    site = folder / "large"
    seconds, peak = process(
        [*CCGKG, "--corpus", str(corpus), "site", "-o", str(site)], folder / "cache"
    )
    table.at_most("ccgkg site of 10,000 claims, s", f"{peak:.0f} MB of memory", seconds, 60)
    sizes = {page: page.stat().st_size / 1e6 for page in site.rglob("*") if page.is_file()}
    largest = max(sizes, key=sizes.__getitem__)
    table.at_most("its largest page, MB", str(largest.relative_to(site)), sizes[largest], 6)
    with browser() as chromium:
        ratio, a, b = paired(
            lambda: picture(chromium, (site / "map.html").as_uri()),
            lambda: picture(chromium, shipped.ours),
            runs,
        )
    what = "first picture: map of 10,000 claims / shipped map"
    table.at_most(what, f"{a:.2f} / {b:.2f} s", ratio, 3)


def main() -> None:
    """Run all of it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="the shipped corpus only")
    given = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cache = folder / "cache"
        process([*CCGKG, "build"], cache)
        writing(table, cache, folder, given.runs)
        whole, opened = pairs_of(None, cache, folder / "shipped")
        what = "first picture: pyvis / map"
        table.told(f"{what}, shipped, as it opens", *beside_pyvis(opened, given.runs))
        table.at_least(f"{what}, shipped corpus", *beside_pyvis(whole, given.runs), 4)
        if not given.quick:
            medium, _ = pairs_of(made_up(folder, 500, 2_000), cache, folder / "medium")
            # Once: raw pyvis takes minutes, and the ratio is far from any noise.
            table.at_least(f"{what}, 500 actors, 2,000 claims", *beside_pyvis(medium, 1), 50)
            large(table, folder, opened, given.runs)
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
