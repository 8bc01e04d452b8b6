"""What is derived from claims and registers reaches as far as it says, and no further."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import readings

from ccgkg.corpus.claims import End
from ccgkg.dataset.closures import concerned, within


@pytest.mark.parametrize(
    ("claim", "key", "why"),
    [
        ("holder-2014/system-supports-centre", "department-of-health", "to whom the topic belongs"),
        ("holder-2014/stick-contracts", "ccgs", "with whom it compares"),
        ("kingsfund-2014/more-influence-than-pct", "pcts", "with whom it compares"),
        ("pulse-2016/engaged-70", "member-practices", "whom its figure counts"),
        ("pulse-2016/autonomy-lost", "autonomy", "the broader topic"),
        ("holder-2014/striking-why", "nhs-england", "named by a claim that is its subject"),
        ("kingsfund-2014/promote-stories", "patients", "to whom a topic belongs"),
    ],
)
def test_a_claim_concerns_more_than_it_names(claim: str, key: str, why: str):
    told = readings.corpus().claims[claim]
    assert key in concerned(readings.corpus(), told), why


def test_what_is_said_of_a_part_does_not_concern_the_whole():
    told = readings.corpus().claims["pulse-2016/influence-20"]
    assert "gps-no-role" in concerned(readings.corpus(), told)
    assert "gps" not in concerned(readings.corpus(), told)


def test_all_that_a_claim_involves_concerns_it():
    corpus = readings.corpus()
    for claim in corpus.claims.values():
        assert set(claim.involved_keys()) <= set(concerned(corpus, claim)), claim.short


def test_claims_that_speak_of_each_other_end():
    real = readings.corpus()
    one, other = "holder-2014/visits", "holder-2014/investing"
    ring = {
        short: replace(real.claims[short], objects=(End("claim", end),))
        for short, end in ((one, other), (other, one))
    }
    corpus = SimpleNamespace(claims=ring, registers=real.registers)
    assert concerned(corpus, ring[one]) == concerned(corpus, ring[other])


@pytest.mark.parametrize(
    ("actor", "above"),
    [
        ("gps-no-role", ["clinicians", "gps"]),
        ("area-teams", ["nhs-england"]),
        ("clinicians-leading-ccgs", ["ccg-leaders", "ccgs", "clinicians"]),
        ("kf-nt-team", ["health-think-tanks", "kings-fund", "nuffield-trust"]),
        ("holder", ["health-think-tanks", "nuffield-trust"]),
        ("doyle", ["ccg-leaders", "ccgs", "clinicians", "gps", "nhs-clinical-commissioners"]),
        ("nhs-england", []),
    ],
)
def test_an_actor_is_within_groups_wholes_teams_and_bodies(actor: str, above: list[str]):
    assert within(readings.corpus(), actor) == above
