"""What a class says of a person stands in the person's case, and follows reorganizations."""

from typing import Any

import pytest
from tests.acceptance.commune import Commune
from tests.acceptance.sittings import act, attempt, attend, grade, open_class
from tests.acceptance.test_corrections import corrected

CARD = """query C($id: ID!, $at: At) { candidate(id: $id, at: $at) { stage
  awarenessClass { proposedOn agreedOn } certificate { number }
  revokedCertificates { number } } }"""


def card(commune: Commune, person: str, **at: str) -> dict[str, Any]:
    """What the case says of the class."""
    data = commune.installation.ask(CARD, commune.board, {"id": person, "at": at or None})
    found: dict[str, Any] = data["candidate"]
    return found


@pytest.mark.requirement("R001-23", "R003-08")
def test_a_call_up_list_is_the_proposal_and_the_committees_the_agreement(commune: Commune) -> None:
    """The cell's own list proposes its person; the committee's agrees to whom a cell proposed."""
    own, unproposed = commune.identify(), commune.identify(fullName="Ka Hồng Thử")
    cell = f"{commune.code}/thon-1"
    one = {"course": open_class(commune)["id"]}
    another = {"course": open_class(commune, "2023-03-13", title="Lớp khóa II")["id"]}
    secretary = commune.installation.token("cell", cell)
    officer = commune.installation.token("grassroots", commune.code)
    given: dict[str, Any] = {"occurredOn": "2023-01-20", "candidates": [own]}
    act(commune, "proposeParticipants", secretary, organization=cell, **given, **one)
    proposed = card(commune, own)
    given = {"occurredOn": "2023-01-25", "candidates": [own, unproposed]}
    act(commune, "proposeParticipants", officer, organization=commune.code, **given, **another)
    agreed, other = card(commune, own), card(commune, unproposed)

    assert proposed["awarenessClass"] == {"proposedOn": "2023-01-20", "agreedOn": None}
    assert agreed["awarenessClass"] == {"proposedOn": "2023-01-20", "agreedOn": "2023-01-25"}
    assert (agreed["stage"], other["stage"]) == ("CLASS_PROPOSED", "IDENTIFIED")
    assert other["awarenessClass"] == {"proposedOn": None, "agreedOn": None}


def test_a_wrong_revocation_gives_the_certificate_back(commune: Commune) -> None:
    """Given a certificate revoked by mistake, it stands in the case again."""
    person = commune.identify()
    course = open_class(commune)["id"]
    attend(commune, course, [person], f"{commune.code}/thon-1")
    passed = {
        "candidate": person,
        "score": 8.0,
        "grade": "GOOD",
        "certificateNumber": "1/GCN",
    }
    grade(commune, course, "2023-02-20", passed)
    act(
        commune,
        "revokeCertificate",
        occurredOn="2023-06-01",
        course=course,
        candidate=person,
        documentNumber="3-QĐ/TTCT",
        reason="Thi hộ",
    )
    revoked = card(commune, person, effective="2023-06-02")
    done = corrected(commune, "course.certificate_revoked")
    restored = card(commune, person, effective="2023-06-02")

    assert done["__typename"] == "CorrectionRecorded", done
    assert (revoked["stage"], revoked["certificate"]) == ("IDENTIFIED", None)
    assert restored["stage"] == "CERTIFIED"
    assert (restored["certificate"], restored["revokedCertificates"]) == ({"number": "1/GCN"}, [])


def test_the_successor_of_a_cell_sends_people_on_its_places(commune: Commune) -> None:
    """Given a place of a cell that was merged into its neighbor, then it is the neighbor's."""
    person = commune.identify(cell="thon-2")
    merged, successor = (f"{commune.code}/thon-{number}" for number in (1, 2))
    one = {"course": open_class(commune)["id"]}
    places = [{"unit": merged, "places": 1}]
    act(commune, "allotPlaces", occurredOn="2023-01-11", allotments=places, **one)
    commune.do(
        "mergeOrganizations", occurredOn="2023-01-16", organizations=[merged], into=successor
    )
    given: dict[str, Any] = {"organization": successor, "candidates": [person], **one}
    before = attempt(commune, "proposeParticipants", occurredOn="2023-01-15", **given)
    after = act(commune, "proposeParticipants", occurredOn="2023-01-16", **given)

    assert before["code"] == "NO_PLACE_LEFT"
    assert after["allotments"] == [{"organization": merged, "places": 1, "proposed": 1}]
    assert after["results"]["proposed"] == 1
