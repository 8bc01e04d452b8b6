"""The query page: a form, an editor where there is one, and the scripts that show answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Template

from ccgkg.server.rendering import templates
from ccgkg.site.rendering import Edition, json_for_script, sealed

__all__ = ["Desk", "query_page"]

_SELF = "'self'"
_STARTS = {
    True: """\
PREFIX ccg: <https://w3id.org/ccgkg/ns/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?claim ?statement ?who ?modality ?polarity WHERE {
  ?claim a ccg:Claim ; rdfs:label ?statement ; ccg:asserter/rdfs:label ?who ;
    ccg:modality/skos:prefLabel ?modality ; ccg:polarity/skos:prefLabel ?polarity .
}
LIMIT 20""",
    False: """\
SELECT ?graph ?subject ?predicate ?object WHERE {
  { ?subject ?predicate ?object }
  UNION
  { GRAPH ?graph { ?subject ?predicate ?object } }
}
LIMIT 20""",
}
"""What the page opens with: with a corpus, and with any other dataset."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is the same for every query that the page is opened with.

    Attributes:
        edition: which dataset it asks.
        base: the corpus's base IRI, below which IRIs have pages here; empty for a dataset without
            a corpus, beside which no pages of a site are served.
        with_editor: whether `static/editor.js` is there.
        examples: name and question of each named query that takes no values.
    """

    edition: Edition
    base: str
    with_editor: bool
    examples: Sequence[tuple[str, str]]


def query_page(desk: Desk, *, nonce: str, query: str = "") -> str:
    """The page at `/` of a server.

    Its policy stands in it. A header of the server may add `frame-ancestors`; if it repeats the
    policy, it must be this one, since a browser keeps to both.

    Args:
        desk: what it asks, and with what.
        nonce: new for each response; the editor's styles bear it.
        query: the one that its address holds; else it opens with one to start from.
    """
    has_site = bool(desk.base)
    start = _STARTS[has_site]
    facts = {"base": desk.base, "editor": desk.with_editor, "nonce": nonce, "start": start}
    told = _template().render(
        edition=desk.edition,
        root="" if has_site else None,
        here="./",
        text=query or start,
        examples=desk.examples,
        facts=json_for_script(facts),
    )
    return sealed(
        told,
        also={
            "script-src": (_SELF,),
            "style-src": (_SELF, f"'nonce-{nonce}'"),
            "connect-src": (_SELF,),
            "frame-src": (_SELF,),
            "form-action": (_SELF,),
        },
    )


@cache
def _template() -> Template:
    return templates().get_template("query_page.html")
