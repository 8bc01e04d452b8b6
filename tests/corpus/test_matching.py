"""Names as people type them: what folds to what, and what must not be taken for what.

A group within a group is not the group: nothing loose may reach a narrower thing while a broader
one answers to the name, and no word between two words of a name is passed over.
"""

from __future__ import annotations

import pytest

from ccgkg.corpus.matching import Named, alike, exactly, within
from ccgkg.corpus.stems import stems

THINGS = (
    Named("a:gps", "actor", "gps", "GPs", ("GP", "general practitioners")),
    Named("a:gps-surveyed", "actor", "gps-surveyed", "GPs who took part in a survey"),
    Named("a:gps-no-role", "actor", "gps-no-role", "GPs with no formal role"),
    Named("a:good-gps", "actor", "good-gps", "good GPs", ("a good GP",)),
    Named("a:kings-fund", "actor", "kings-fund", "The King's Fund", ("the King’s Fund",)),
    Named("a:fellow", "actor", "fellow", "policy fellow at the King's Fund"),
    Named("a:naylor", "actor", "naylor", "Chris Naylor"),
    Named("w:naylor-2013", "work", "naylor-2013", "“our report” (Naylor 2013)"),
    Named("t:access", "topic", "access", "access to the NHS"),
)
WAYS = {"exactly": exactly, "alike": alike, "within": within}


@pytest.mark.parametrize(
    ("name", "way", "keys"),
    [
        ("GPs", "exactly", "gps"),
        ("GP", "exactly", "gps"),
        ("The King’s Fund", "exactly", "kings-fund"),
        ("gps", "alike", "gps"),
        ("the GPs", "alike", "gps"),
        ("GP's", "alike", "gps"),
        ("GPs’", "alike", "gps"),
        ("general practitioner", "alike", "gps"),
        ("Good GP", "alike", "good-gps"),
        ("GPs-surveyed", "alike", "gps-surveyed"),
        ("Kings Fund", "alike", "kings-fund"),
        ("KING'S FUND", "alike", "kings-fund"),
        ("Naylor", "alike", "naylor"),
        ("Chris", "within", "naylor"),
        ("our reports", "within", "naylor-2013"),
        ("Fund", "within", "kings-fund fellow"),
        ("no formal role", "within", "gps-no-role"),
        ("GPs with role", "", ""),
        ("GPs with a formal role", "", ""),
        ("GPs who took part in surveys of GPs", "", ""),
        ("Nay", "", ""),
        ("acces", "", ""),
        ("the", "", ""),
        ("", "", ""),
        ("’", "", ""),
        ("?", "", ""),
    ],
    ids=ascii,
)
def test_the_strictest_way_that_finds_anything(name: str, way: str, keys: str) -> None:
    found = {known: [thing.key for thing in look(name, THINGS)] for known, look in WAYS.items()}
    first = next((known for known, listed in found.items() if listed), "")
    assert (first, found.get(first, [])) == (way, keys.split())


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The King’s Fund", "king fund"),
        ("policy-makers", "policy maker"),
        ("priorities", "priority"),
        ("ties", "tie"),
        ("process", "process"),
        ("is", "is"),
        ("an", ""),
        ("GPs’ buy-in, 20%", "gp buy in 20"),
    ],
)
def test_what_people_vary_is_folded(name: str, folded: str) -> None:
    assert " ".join(stems(name)) == folded
