"""A corpus that means harm: every field that takes free words carries what breaks careless pages.

Each such field holds its own name and `ASSAULT`; `Hostile.texts` has them all, so that a test can
ask whether each stands on a page as text. Nothing of it may run, load, or be lost. It stands on
the ontology of the school corpus, and `ccgkg check` finds no error in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smallcorpora import DIGEST, SCHOOLS, write

ASSAULT = " ".join(
    (
        "</script><img src=x onerror=alert(1)>",
        "</style></title></textarea></noscript></svg><script>alert(2)</script>",
        '"><svg onload=alert(3)>',
        "' onmouseover='alert(4)",
        '<a href="javascript:alert(5)">href</a>',
        "{{7*7}} {% raw %} ${7*7} %(n)s {0}",
        "javascript:alert(6)",
        "\u202eesrever\u202c zero\u200bwidth\ufeff \u2066isolate\u2069",
        "&amp; &lt;b&gt; &#60; &nbsp",
        "line\u2028separator paragraph\u2029separator",
        "“curly” ‘quotes’ \U0001f9e8 e\u0301",
        "__proto__ constructor",
        "<!-- --> <!--<script> ]]> <![CDATA[ */ // \\u003cscript> \\",
        "`tick` $x$ %5C [link](javascript:alert(7)) =1+1",
    )
)
"""What is put into every field that takes it; it begins and ends with no white space."""

ADDRESS = "https://example.org/a?q='onmouseover='alert(8)'&amp;x=javascript:alert(9)//&b=(%22%3E)#:~:text=%3Cb%3E"
"""The worst that the forms take for an address."""

REFUSED = (
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//outside.example/",
    "file:///etc/passwd",
    'https://example.org/"onload="alert(1)',
    "https://example.org/<script>",
    "https://user:password@example.org/",
    "https://example.org/\u202egnp",
    "https://example.org\\@outside.example/",
    "https://example.org/\njavascript:alert(1)",
)
"""What no form takes for an address."""

TITLE = 'Schools in the north </title><script>alert(1)</script> href="x" &amp; “more” \U0001f9e8'
VISITED = "Inspectors visited </script><img src=x onerror=alert(1)> every school {{7*7}} in 2019"
PAYS = 'The school board "><svg onload=alert()> pays head teachers &amp; &lt;b&gt; under contract'
HEDGE = "might \u202e<b onclick=alert()>\u202c"
REFORM = "' onmouseover='alert() results improve"
WARNED = f"Some head teachers said that inspectors {HEDGE} close small schools unless {REFORM}"
SHARE = 'one in five <a href="javascript:alert()">schools</a>'
COUNTED = f"Our survey found that inspectors visited {SHARE} in that year"
COMMENT = "A reader wrote that inspectors --> ]]> visited zero\u200bwidth schools \U0001f9e8 twice"
WELCOME = 'Welcome <a href="javascript:alert(5)">to our</a> newsletter \\u003cscript> __proto__'
PRINTED = f"Printed by {ASSAULT} on plain old paper"

LONG = "long " + "W" * 9_995
"""A label of 10,000 characters."""


@dataclass(frozen=True)
class Hostile:
    """The hostile corpus.

    Attributes:
        root: where it lies.
        texts: what must stand as text on the pages that show the field, by the field's name.
    """

    root: Path
    texts: Mapping[str, str]


class _Evil:
    """Makes the words of a field, and remembers them."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __call__(self, field: str, words: str = "") -> str:
        assert field not in self.texts, f"{field} is there twice"
        self.texts[field] = words or f"{field} {ASSAULT}"
        return self.texts[field]


def _registers(evil: _Evil) -> dict[str, Any]:
    made = {"kind": "group", "tier": "local", "known": {"inferred": "made up"}}
    return {
        "seeds/corpus.yaml": {
            "name": "hostile",
            "title": evil("corpus title"),
            "description": evil("corpus description"),
            "base": "https://example.org/hostile/",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "version": "0.0.1",
            "publisher": evil("corpus publisher"),
        },
        "seeds/actors.yaml": {
            "inspectors": made
            | {
                "label": evil("actor label"),
                "aliases": ["inspectors", evil("actor alias")],
                "note": evil("actor note"),
                "known": {"inferred": evil("actor reason")},
                "from": {"day": "2001-01-01", "inferred": evil("day reason")},
            },
            # The one property of every JavaScript object that is also a key here.
            "constructor": made
            | {
                "label": "head teachers",
                "known": {"outside": evil("outside", "javascript:alert(10)")},
            },
            "schools": made
            | {"label": "schools", "aliases": ["school"], "known": {"outside": ADDRESS}},
            "school-board": made
            | {
                "label": "the school board",
                "succeeds": [{"actor": "long", "inferred": evil("succession reason")}],
            },
            "long": made | {"label": evil("long label", LONG)},
            "newsletter": made | {"label": "the newsletter"},
        },
        "seeds/topics.yaml": {
            "visits": {
                "label": evil("topic label"),
                "aliases": [evil("topic alias")],
                "definition": evil("topic definition"),
                "note": evil("topic note"),
            }
        },
        "seeds/works.yaml": {
            "works": {
                "survey": {
                    "label": evil("work label"),
                    "note": evil("work note"),
                    "type": "report",
                    "address": ADDRESS,
                    "known": {"inferred": evil("work reason")},
                }
            },
            "waves": {
                "wave": {"label": evil("wave label"), "of": "survey", "note": evil("wave note")}
            },
            "measures": {
                "visited-share": {
                    "label": evil("measure label"),
                    "wording": evil("measure wording"),
                    "scale": evil("measure scale"),
                }
            },
        },
        "seeds/times.yaml": {
            "year-2019": {
                "label": evil("time label"),
                "from": "2019-01-01",
                "until": "2019-12-31",
                "note": evil("time note"),
            }
        },
        "seeds/issues.yaml": {
            "strict": {
                "label": evil("issue label"),
                "about": ["inspectors"],
                "for": [{"claim": "constructor/constructor", "why": evil("bearing reason")}],
                "qualifies": [{"claim": "constructor/visited", "why": "made up"}],
                "note": evil("issue note"),
            }
        },
    }


def _views(evil: _Evil) -> dict[str, Any]:
    return {
        "seeds/map.yaml": {
            "bands": [{"label": evil("band label"), "tiers": ["state", "local", "observer"]}],
            "places": {"constructor": [0, 0]},
        },
        "seeds/story.yaml": {
            "constructor": {
                "title": evil("scene title"),
                "focus": "constructor",
                "caption": [{"says": evil("caption"), "claims": ["constructor/visited"]}],
            }
        },
        "seeds/glossary.yaml": {
            evil("term"): {
                "stands-for": evil("term stands for"),
                "means": evil("term means"),
                "inferred": evil("term reason"),
            },
            "__proto__": {
                "stands-for": "a key",
                "means": "no more",
                "outside": "javascript:alert(11)",
            },
        },
    }


def _source(evil: _Evil) -> dict[str, Any]:
    record = {
        "type": "webpage",
        "title": evil("source title", TITLE),
        "author": [{"family": evil("family name"), "given": evil("given name")}],
        "publisher": evil("publisher"),
        "container-title": evil("container title"),
        "genre": evil("genre"),
        "issued": {"date-parts": [[2019, 5]]},
        "URL": ADDRESS,
        "note": evil("record note"),
    }
    known = {name: {"inferred": f"{name} is made up"} for name in record if name != "type"}
    return {
        "key": "constructor",
        "file": {"name": evil("file name"), "sha256": DIGEST},
        "record": record,
        "known": known | {"title": {"stated": evil("title stated")}, "URL": {"outside": ADDRESS}},
        "agents": {"author": "newsletter"},
        "regions": [
            {"id": "title", "kind": "heading", "quote": TITLE},
            {
                "id": "printed",
                "kind": "boilerplate",
                "starts": "Printed by </script>",
                "ends": "on plain old paper",
            },
            {"id": "comments", "kind": "comments", "quote": COMMENT},
        ],
        "rights": evil("rights"),
        "reviewed-by": [evil("reviewer")],
        "accept": {"no-claim-share": evil("acceptance")},
    }


def _claims(evil: _Evil) -> dict[str, Any]:
    return {
        "source": "constructor",
        "voices": {"body": ["newsletter"], "comments": ["newsletter"]},
        "claims": [
            {
                "quote": evil("quote", VISITED),
                "id": "visited",
                "edge": ["inspectors", "inspects", ["schools", "long"]],
                "about": "visits",
                "modality": "fact",
                "time": "year-2019",
                "text": evil("claim text"),
                "note": evil("claim note"),
            },
            {
                "quote": PAYS,
                "says": [
                    {
                        "id": "pays",
                        "edge": ["school-board", "employs", "constructor"],
                        "modality": "fact",
                        "text": "The school board pays head teachers.",
                    },
                    {
                        "id": "withdrawn",
                        "edge": ["school-board", "employs", "schools"],
                        "modality": "fact",
                        "text": "A slip.",
                        "withdrawn": {"why": evil("withdrawn reason"), "successor": "pays"},
                    },
                ],
            },
            {
                "quote": WARNED,
                "id": "constructor",
                "chain": [
                    {
                        "who": "constructor",
                        "words": "said",
                        "sure": "unclear",
                        "why": evil("chain reason"),
                    }
                ],
                "extent": {"value": "some", "words": "Some head teachers"},
                "edge": ["inspectors", "closes", "schools"],
                "modality": "prediction",
                "hedge": evil("hedge", HEDGE),
                "unless": evil("condition", REFORM),
                "lever": {"none": evil("lever reason")},
                "text": "Some head teachers said that inspectors might close small schools.",
                "disputes": [{"claim": "visited", "why": evil("dispute reason")}],
            },
            {
                "quote": COUNTED,
                "id": "counted",
                "chain": [{"who": "newsletter", "words": "found", "in": "survey"}],
                "edge": ["inspectors", "inspects", "schools"],
                "modality": "finding",
                "figure": {
                    "said": evil("figure said", SHARE),
                    "value": "20",
                    "unit": "percent",
                    "measure": "visited-share",
                    "population": "schools",
                    "wave": {"survey": "wave", "known": "inferred", "why": evil("wave reason")},
                },
                "text": "The survey found that inspectors visited a fifth of the schools.",
            },
            {"quote": WELCOME, "no-claim": "greeting"},
            {
                "quote": evil("comment", COMMENT),
                "id": "commented",
                "edge": ["inspectors", "inspects", "schools"],
                "modality": "opinion",
                "time": {
                    "said": evil("time said", "\U0001f9e8 twice"),
                    "known": "inferred",
                    "why": evil("time reason"),
                },
                "text": "A reader said that inspectors visited schools twice.",
            },
        ],
    }


def _written(content: Any) -> str:
    """As JSON, which is YAML; what YAML takes for a line break, or may not hold, is escaped."""
    written = json.dumps(content, indent=1, ensure_ascii=False)
    return re.sub("[\u2000-\u206f\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", written)


def _ontology(evil: _Evil) -> str:
    ontology = SCHOOLS["ontology/schools.ttl"]
    for field, old in {
        "relation label": "inspects",
        "relation definition": "Looks at.",
        "lever label": "inspection",
        "tier label": "state",
        "kind label": "group",
    }.items():
        assert ontology.count(f'"{old}"@en') == 1
        literal = json.dumps(evil(field), ensure_ascii=False)
        ontology = ontology.replace(f'"{old}"@en', f"{literal}@en")
    return ontology


def _query(evil: _Evil) -> str:
    fields = ("summary", "description")
    header = [f"#+ {field}: {_written(evil(f'query {field}'))}" for field in fields]
    body = SCHOOLS["queries/who-inspects.rq"].splitlines()[len(fields) :]
    return "\n".join([*header, *body, ""])


def write_hostile(root: Path) -> Hostile:
    """Write the corpus into a folder."""
    evil = _Evil()
    source = "seeds/constructor"
    forms = _registers(evil) | _views(evil)
    forms |= {f"{source}/source.yaml": _source(evil), f"{source}/claims.yaml": _claims(evil)}
    body = f"{VISITED}. {PAYS}. {WARNED}.\n{COUNTED}.\n{WELCOME}."
    texts = {
        f"{source}/source.txt": f"{TITLE}\n\n{body}\n{PRINTED}\n{COMMENT}\n",
        "ontology/schools.ttl": _ontology(evil),
        "queries/who-inspects.rq": _query(evil),
    }
    write(root, {name: _written(form) for name, form in forms.items()} | texts)
    return Hostile(root, evil.texts)
