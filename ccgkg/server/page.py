"""The query page: a form, an editor where there is one, and the scripts that show answers."""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from ccgkg.server.rendering import templates
from ccgkg.site.rendering import Edition, json_for_script, sealed

__all__ = ["query_page"]

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
SELECT ?subject ?predicate ?object WHERE {
  ?subject ?predicate ?object .
}
LIMIT 20""",
}
"""What the page opens with: with a corpus, and with any other dataset."""


def query_page(
    edition: Edition, base: str, *, with_editor: bool, has_site: bool, nonce: str
) -> str:
    """The page at `/` of a server.

    Its policy stands in it. A header of the server may add `frame-ancestors`; if it repeats the
    policy, it must be this one, since a browser keeps to both.

    Args:
        edition: which dataset it asks.
        base: the corpus's base IRI, below which IRIs have pages here; empty where no IRI has.
        with_editor: whether `static/editor.js` is there.
        has_site: whether the pages of the site are served beside it.
        nonce: new for each response; the editor's styles bear it.
    """
    facts = {"base": base, "editor": with_editor, "nonce": nonce}
    told = _template().render(
        edition=edition,
        root="" if has_site else None,
        here="./",
        start=_STARTS[has_site],
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
