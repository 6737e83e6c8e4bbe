"""What the board of a district or bloc does, as mutations over HTTP; the public contract only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from tests.acceptance.commune import Answer, mutate
from tests.acceptance.installation import Installation

PERSON = {
    "fullName": "Nguyễn Văn Thử Nghiệm",
    "birthDate": "1996-05-05",
    "sex": "MALE",
    "ethnicity": "Kinh",
}
WAY: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (-140, "assignHelper", {"helperName": "Giúp Đỡ", "helperOfficialSince": "2005-01-01"}),
    (-130, "listSympathizer", {}),
    (-120, "recordCertificate", {"number": "12/GCN"}),
    (-100, "openDossier", {}),
    (-70, "concludeVetting", {"conclusion": "ELIGIBLE"}),
    (-30, "recordCellVote", {"officialMembers": 9, "inFavor": 9}),
    (-20, "submitDossier", {}),
    (0, "decideAdmission", {"decisionNumber": "01-QĐ/ĐU"}),
    (15, "holdCeremony", {}),
)
"""The steps of an admission, in days from the decision."""


@dataclass
class Committee:
    """A committee above the grassroots, a token of its board, and how far it has seen its log."""

    installation: Installation
    code: str
    board: str
    position: str | None = None

    @classmethod
    def of(cls, installation: Installation, code: str) -> Self:
        """The board of one."""
        return cls(installation, code, installation.token("board", code))

    def attempt(self, mutation: str, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """What a mutation answers, success or refusal."""
        return mutate(self.installation, self.board, mutation, fields)

    def do(self, mutation: str, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """The success of a mutation."""
        answer = self.attempt(mutation, **fields)
        assert answer["__typename"].endswith("Recorded"), answer
        self.position = answer["position"]
        return answer

    def establish(
        self, segment: str, name: str, *cells: str, characteristics: tuple[str, ...] = ()
    ) -> str:
        """A grassroots committee with cells `chi-bo-1` and so on; its code."""
        code = f"{self.code}/{segment}"
        self.do(
            "establishOrganization",
            occurredOn="2015-02-01",
            parent=self.code,
            name=name,
            kind="GRASSROOTS_COMMITTEE",
            codeSegment=segment,
            characteristics=list(characteristics),
        )
        for cell in cells or ("chi-bo-1",):
            self.do(
                "establishOrganization",
                occurredOn="2015-02-01",
                parent=code,
                name=f"Chi bộ {cell}",
                kind="SUBORDINATE_CELL",
                codeSegment=cell,
                characteristics=list(characteristics),
            )
        return code

    def follow(self, cell: str, on: str, **particulars: Any) -> str:  # noqa: ANN401 (a person's own)
        """A person who is identified and listed as a sympathizer; the candidate's id."""
        answer = self.do(
            "identifyCandidate", occurredOn=on, organization=cell, **{**PERSON, **particulars}
        )
        candidate: str = answer["candidate"]["id"]
        for _, step, fields in WAY[:2]:
            self.do(step, occurredOn=on, candidate=candidate, **fields)
        return candidate

    def admit(self, cell: str, on: str, *, grade: str = "Khá", **particulars: Any) -> Answer:  # noqa: ANN401 (a person's own)
        """A person whose admission is decided on a day, and the ceremony; the last answer."""
        decided = date.fromisoformat(on)
        answer = self.do(
            "identifyCandidate",
            occurredOn=str(decided - timedelta(days=150)),
            organization=cell,
            **{**PERSON, **particulars},
        )
        candidate = answer["candidate"]["id"]
        for days, step, fields in WAY:
            own = {"grade": grade} if step == "recordCertificate" else {}
            answer = self.do(
                step,
                occurredOn=str(decided + timedelta(days=days)),
                candidate=candidate,
                **fields,
                **own,
            )
        return answer

    def ask(self, fields: str, code: str | None = None, **at: str) -> dict[str, Any]:
        """Fields of an organization, the committee's own unless told, with all that it did."""
        organization = f"organization(code: $code, at: $at) {{ {fields} }}"
        query = f"query Q($code: String!, $at: At) {{ {organization} }}"
        variables = {"code": code or self.code, "at": {"after": self.position, **at}}
        found: dict[str, Any] = self.installation.ask(query, self.board, variables)["organization"]
        return found
