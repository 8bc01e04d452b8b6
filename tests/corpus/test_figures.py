"""A figure is a number that counts something; years, days and spans from now count nothing."""

from __future__ import annotations

import pytest

from ccgkg.corpus.figures import figures_in
from ccgkg.corpus.vocabulary import Vocabulary

FIGURES = {
    "20% of GPs": ["20%"],
    "20 % or 20 per cent, 7 percent": ["20 %", "20 per cent", "7 percent"],
    "£65 billion of the budget": ["£65 billion"],
    "£65bn, €5m, $ 3.50": ["£65bn", "€5m", "$ 3.50"],
    "1,234 practices and 0.5 of them": ["1,234", "0.5"],
    "211 CCGs.": ["211"],
    "six CCGs": ["six"],
    "SIX CCGs": ["SIX"],
    "just one in five (20%)": ["one in five", "20%"],
    "1 in 5 GPs": ["1 in 5"],
    "two-thirds, three quarters": ["two-thirds", "three quarters"],
    "less than half": ["half"],
    "two million people": ["two million"],
    "a three-year study": ["three"],
    "for 18 weeks": ["18"],
    "70% in 2014, 35% last year": ["70%", "35%"],
    "10-20% or 10–20% of them": ["10-20%", "10–20%"],
    "£2000 and 2000%": ["£2000", "2000%"],
}

TIMES = {
    "in 2013, since 1948 and until 2020": [],
    "in 2013-14, 2013/14 and 2013–2016": [],
    "01/04/2014": [],
    "on 1 April 2014 and April 3": [],
    "12 months ago": [],
    "over the next 12 months": [],
    "the last three years": [],
    "for another two years": [],
    "at 10.30am": [],
}

NEITHER = {
    "one of them; the one element": [],
    "a second survey, the third": [],
    "COVID-19, A4, H1N1": [],
    "https://example.org/2/3": [],
    "a tension of tens": [],
}

TABLE = {**FIGURES, **TIMES, **NEITHER}


@pytest.mark.parametrize(("text", "found"), TABLE.items(), ids=TABLE)
def test_figures_are_found_and_dates_are_not(
    shipped_vocabulary: Vocabulary, text: str, found: list[str]
) -> None:
    spans = list(figures_in(text, shipped_vocabulary.cues))
    assert [text[span.start : span.end] for span in spans] == found
