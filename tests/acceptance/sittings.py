"""What officers do about classes and meetings, over HTTP."""

from typing import Any
from uuid import uuid4

from tests.acceptance.commune import Commune

REFUSAL = "... on Refusal { code message field rule }"
FIGURES = """{ proposed enrolled attended passed failed retakes revoked meanScore
  spread { grade count } }"""
SHOWN = {
    "Schedule": """id organization kind year minimum maximum quarters lead partners
      progress { quarter planned opened } courses { id title quarter }""",
    "Course": f"""id organization kind year quarter title lead partners schedule state approvedOn
      decisionNumber opening {{ startsOn endsOn location topics passScore }}
      allotments {{ organization places proposed }} sessions {{ heldOn topic present absent }}
      results {FIGURES} participants {{ candidate organization groups enrolled sessionsAttended
        certificateRevokedOn results {{ score passed retake grade certificateNumber
          signerPosition signerName }} }}""",
    "Meeting": """id organization kind heldOn body members present absent minutesNumber
      agenda { text candidate document about task assignee due }
      items { matter candidate inFavor number corrected }""",
    "Docket": """id organization body letterNumber laidOn meetsOn dossiers { matter candidate }""",
}
_OF = {
    "makeSchedule": "Schedule",
    "holdMeeting": "Meeting",
    "layDocket": "Docket",
}

Answer = dict[str, Any]


def attempt(commune: Commune, mutation: str, token: str | None = None, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
    """What a mutation answers; the success has the record beside its position."""
    kind = _OF.get(mutation, "Course")
    noun = kind.lower()
    query = f"""mutation M($input: {mutation[0].upper()}{mutation[1:]}Input!) {{
      {mutation}(input: $input) {{ __typename {REFUSAL}
        ... on {kind}Recorded {{ position findings {{ rule }} {noun} {{ {SHOWN[kind]} }} }} }} }}"""
    given = {"commandId": str(uuid4()), **fields}
    answer: Answer = commune.installation.ask(query, token or commune.board, {"input": given})[
        mutation
    ]
    return answer


def act(commune: Commune, mutation: str, token: str | None = None, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
    """The record after a mutation that succeeds."""
    answer = attempt(commune, mutation, token, **fields)
    assert answer["__typename"].endswith("Recorded"), answer
    shown: Answer = answer[_OF.get(mutation, "Course").lower()]
    return {**shown, "position": answer["position"]}


def nodes(commune: Commune, entrance: str, kind: str, **at: str) -> list[Answer]:
    """A list of the commune's records, newest first."""
    query = f"""query Q($code: String!, $at: At) {{
      {entrance}(organization: $code, at: $at) {{ nodes {{ {SHOWN[kind]} }} }} }}"""
    data = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})
    found: list[Answer] = data[entrance]["nodes"]
    return found


def open_class(commune: Commune, starts_on: str = "2023-02-13", **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
    """A class of the commune, proposed and approved in January, of one week."""
    day = starts_on[:8]
    proposed = act(
        commune,
        "proposeCourse",
        occurredOn="2023-01-03",
        organization=commune.code,
        **{
            "kind": "CANDIDATE_CLASS",
            "year": 2023,
            "quarter": 1,
            "title": "Lớp bồi dưỡng nhận thức về Đảng khóa I",
            "lead": "Ban Tuyên giáo",
            **fields,
        },
    )
    course = {"course": proposed["id"]}
    act(commune, "approveCourse", occurredOn="2023-01-05", decisionNumber="7-QĐ/HU", **course)
    return act(
        commune,
        "openCourse",
        occurredOn="2023-01-10",
        startsOn=starts_on,
        endsOn=f"{day}17",
        location="Trung tâm bồi dưỡng chính trị huyện",
        topics=["Bài 1", "Bài 2", "Bài 3", "Bài 4", "Bài 5"],
        passScore=5.0,
        **course,
    )


def attend(commune: Commune, course: str, people: list[str], cell: str) -> Answer:
    """The cell proposes its people, they are enrolled and attend the first session."""
    one = {"course": course}
    act(
        commune,
        "proposeParticipants",
        occurredOn="2023-01-20",
        organization=cell,
        candidates=people,
        resolutionNumber="5-NQ/CB",
        **one,
    )
    act(commune, "enrollParticipants", occurredOn="2023-02-01", candidates=people, **one)
    return act(
        commune, "holdSession", occurredOn="2023-02-13", topic="Bài 1", present=people, **one
    )


def grade(commune: Commune, course: str, on: str, *results: Answer) -> Answer:
    """What the check of a day answers."""
    return attempt(
        commune,
        "recordResults",
        occurredOn=on,
        course=course,
        assessment={
            "assessedOn": on,
            "form": "TEST",
            "signerPosition": "Giám đốc Trung tâm",
            "signerName": "Người Ký Thử",
        },
        results=list(results),
    )
