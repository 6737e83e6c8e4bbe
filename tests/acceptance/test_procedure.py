"""The limits of the procedure: the last day and the day after, and who takes which step."""

from typing import Any

import pytest
from tests.acceptance.commune import Answer, Commune
from tests.acceptance.followed import followed


def ruled(answer: Answer) -> tuple[str, str]:
    """The code and the rule of a refusal."""
    return answer["code"], answer["rule"]


@pytest.mark.requirement("R000-07", "R004-12")
def test_a_cell_of_two_official_members_does_not_vote(commune: Commune) -> None:
    """Given a dossier, when a cell of two votes, it is refused; three are enough."""
    candidate = commune.identify()
    commune.prepare(candidate)
    vote = {"occurredOn": "2022-06-01", "candidate": candidate}

    of_two = commune.attempt("recordCellVote", officialMembers=2, inFavor=2, **vote)
    commune.do("recordCellVote", officialMembers=3, inFavor=2, **vote)

    assert ruled(of_two) == ("TOO_FEW_OFFICIAL_MEMBERS", "T19")


@pytest.mark.requirement("R000-07", "R004-12")
def test_a_cell_votes_on_a_certificate_of_sixty_months_and_no_longer(commune: Commune) -> None:
    """Given a certificate of 1 March 2017, then 1 March 2022 is the last day that it counts."""
    candidate = commune.identify("2017-01-10")
    one = {"candidate": candidate}
    helper = {"helperName": "Đảng viên Giúp Đỡ", "helperOfficialSince": "2010-01-01"}
    commune.do("assignHelper", occurredOn="2017-01-20", **helper, **one)
    commune.do("listSympathizer", occurredOn="2017-02-01", **one)
    commune.do("recordCertificate", occurredOn="2017-03-01", number="12/GCN", **one)
    commune.do("openDossier", occurredOn="2022-01-04", **one)
    commune.do("concludeVetting", occurredOn="2022-02-08", conclusion="ELIGIBLE", **one)
    vote: dict[str, Any] = {"officialMembers": 9, "inFavor": 9, **one}

    too_late = commune.attempt("recordCellVote", occurredOn="2022-03-02", **vote)
    commune.do("recordCellVote", occurredOn="2022-03-01", **vote)

    assert ruled(too_late) == ("CERTIFICATE_NOT_VALID", "T4")


@pytest.mark.requirement("R000-07", "R000-20", "R004-12")
def test_a_ceremony_after_thirty_working_days_needs_the_superiors_consent(
    commune: Commune,
) -> None:
    """Given decisions received on 5 July 2022, then 16 August is the last day without consent."""
    in_time, late = (commune.identify(fullName=f"Thử Nghiệm {name}") for name in ("Mốt", "Hai"))
    for candidate in (in_time, late):
        commune.prepare(candidate)
        commune.admit(candidate)
        commune.do("receiveDecision", occurredOn="2022-07-05", candidate=candidate)

    refused = commune.attempt("holdCeremony", occurredOn="2022-08-17", candidate=late)
    commune.do("holdCeremony", occurredOn="2022-08-16", candidate=in_time)
    consent = {"occurredOn": "2022-08-17", "consentNumber": "15-CV/HU", "candidate": late}
    commune.do("consentToLateCeremony", **consent)
    held = commune.do("holdCeremony", occurredOn="2022-08-17", candidate=late)
    stages = commune.stages(effective="2022-08-17", after=held["position"])

    assert ruled(refused) == ("CEREMONY_LATE_WITHOUT_CONSENT", "T10")
    assert stages == {"PROBATIONARY": 2}


@pytest.mark.requirement("R000-07", "R000-20", "R004-12")
def test_who_proposes_does_not_decide(commune: Commune) -> None:
    """Given a proposal, when the cell or the commune decides, it is refused; the district may."""
    person = followed(commune)
    person.submitted()
    decision = {"on": "2022-07-01", "decisionNumber": "01-QĐ/HU"}

    refused = [
        person.attempt("adoptGrassrootsResolution", "2022-06-20", "cell"),
        *(
            person.attempt("decideAdmission", role=role, **decision)
            for role in ("cell", "grassroots")
        ),
    ]
    person.do("decideAdmission", **decision)

    codes = [answer["code"] for answer in refused]
    assert codes == ["NOT_PERMITTED", "NOT_PERMITTED", "ADMISSION_NOT_DELEGATED"]
    assert person.stage("2022-07-01") == "DECIDED"
