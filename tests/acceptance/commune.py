"""What an officer does, as mutations over HTTP. Knows the public contract only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from tests.acceptance.installation import Installation

REFUSAL = "... on Refusal { code message field rule source }"
RECORDED = {
    "CandidateResult": """... on CandidateRecorded {
      position candidate { id stage } findings { rule } }""",
    "OrganizationResult": "... on OrganizationRecorded { position organization { code name } }",
    "TargetResult": "... on TargetRecorded { position target { id } }",
    "TargetsResult": "... on TargetsRecorded { position targets { id group count } }",
    "ClosingResult": "... on ClosingRecorded { position closing { status closedOn } }",
    "TransferResult": "... on TransferRecorded { position transfer { id state received code } }",
    "ReorganizationResult": """... on ReorganizationRecorded {
      position reorganization { id state } }""",
    "BodyResult": "... on BodyRecorded { position body { id name kind } }",
    "TerritoryResult": """... on TerritoryRecorded {
      position territory { id } findings { rule code } }""",
    "RulesResult": "... on RulesRecorded { position rules { id effect } }",
    "CorrectionResult": "... on CorrectionRecorded { position event { type } }",
}
_KINDS = {
    "establishOrganization": "OrganizationResult",
    "renameOrganization": "OrganizationResult",
    "registerTarget": "TargetResult",
    "assignTarget": "TargetResult",
    "adjustTarget": "TargetResult",
    "registerTargets": "TargetsResult",
    "allocateTargets": "TargetsResult",
    "carryTarget": "TargetResult",
    "closeFigures": "ClosingResult",
    "submitFigures": "ClosingResult",
    "reopenFigures": "ClosingResult",
    "transferCandidate": "TransferResult",
    "acceptTransfer": "TransferResult",
    "returnTransfer": "TransferResult",
    "correctEvent": "CorrectionResult",
    **dict.fromkeys(("establishBody", "renameBody", "endBody"), "BodyResult"),
    **dict.fromkeys(("assignTerritory", "changeTerritory", "endTerritory"), "TerritoryResult"),
    **dict.fromkeys(
        (
            "draftReorganization",
            "reviseReorganization",
            "executeReorganization",
            "reverseReorganization",
        ),
        "ReorganizationResult",
    ),
    **dict.fromkeys(
        (
            "assignCharacteristic",
            "removeCharacteristic",
            "countMembers",
            "delegateAdmission",
            "withdrawAdmission",
            "retypeOrganization",
            "moveOrganization",
            "mergeOrganizations",
            "splitOrganization",
            "dissolveOrganization",
            "endOrganization",
            "namePredecessor",
        ),
        "OrganizationResult",
    ),
    "tightenRule": "RulesResult",
    "addRuleCondition": "RulesResult",
}

Answer = dict[str, Any]


def mutate(
    installation: Installation,
    token: str,
    mutation: str,
    fields: dict[str, Any],
    *,
    language: str = "en",
) -> Answer:
    """The success or refusal that a mutation answers."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
    body = f"__typename {RECORDED[_KINDS.get(mutation, 'CandidateResult')]} {REFUSAL}"
    query = f"mutation M($input: {kind}) {{ {mutation}(input: $input) {{ {body} }} }}"
    given = {"commandId": str(uuid4()), **fields}
    data = installation.ask(query, token, {"input": given}, language=language)
    answer: Answer = data[mutation]
    return answer


@contextmanager
def served_province(home: Path) -> Iterator[Installation]:
    """A served province with two districts and nothing in them."""
    installation = Installation(home)
    add, on = ("tenant", "add"), ("--on", "2015-01-01")
    installation.run(*add, "lam-dong", "--name", "Đảng bộ tỉnh Lâm Đồng", "--kind", "PROVINCE", *on)
    for code, name in (("bao-lam", "Bảo Lâm"), ("di-linh", "Di Linh")):
        named = ("--name", f"Đảng bộ huyện {name}", "--kind", "DISTRICT")
        installation.run(*add, f"lam-dong/{code}", *named, *on)
    installation.serve()
    yield installation
    installation.stop()


@dataclass
class Commune:
    """A commune with the cells `thon-1` and `thon-2`, and a token of its district's board."""

    installation: Installation
    district: str
    code: str
    board: str
    position: str | None = None
    """Of the last mutation that succeeded here."""

    @classmethod
    def establish(cls, installation: Installation, district: str) -> Self:
        """Establish one with a name of its own."""
        board = installation.token("board", district)
        segment = f"xa-{uuid4().hex[:10]}"
        commune = cls(installation, district, f"{district}/{segment}", board)
        commune.do(
            "establishOrganization",
            occurredOn="2015-02-01",
            parent=district,
            name="Đảng bộ xã",
            kind="GRASSROOTS_COMMITTEE",
            codeSegment=segment,
        )
        for number in (1, 2):
            commune.do(
                "establishOrganization",
                occurredOn="2015-02-01",
                parent=commune.code,
                name=f"Chi bộ thôn {number}",
                kind="SUBORDINATE_CELL",
            )
        return commune

    def attempt(self, mutation: str, *, language: str = "en", **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """What the mutation answers, success or refusal."""
        return mutate(self.installation, self.board, mutation, fields, language=language)

    def do(self, mutation: str, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """The success of a mutation."""
        answer = self.attempt(mutation, **fields)
        assert answer["__typename"].endswith("Recorded"), answer
        self.position = answer["position"]
        return answer

    def identify(
        self,
        on: str = "2022-01-10",
        *,
        cell: str = "thon-1",
        **particulars: Any,  # noqa: ANN401 (a mutation's own fields)
    ) -> str:
        """A new candidate in a cell, the first one unless told."""
        person = {
            "fullName": "K'Brịp Thử Nghiệm",
            "birthDate": "1995-05-05",
            "sex": "MALE",
            "ethnicity": "Mạ",
            **particulars,
        }
        answer = self.do(
            "identifyCandidate", occurredOn=on, organization=f"{self.code}/{cell}", **person
        )
        candidate: str = answer["candidate"]["id"]
        return candidate

    def prepare(self, candidate: str) -> None:
        """Every step up to the vetting, in the first months of 2022."""
        one = {"candidate": candidate}
        self.do(
            "assignHelper",
            occurredOn="2022-01-20",
            helperName="Đảng viên Giúp Đỡ",
            helperOfficialSince="2010-01-01",
            **one,
        )
        self.do("listSympathizer", occurredOn="2022-02-01", **one)
        self.do("recordCertificate", occurredOn="2022-03-01", number="12/GCN", **one)
        self.do("openDossier", occurredOn="2022-04-01", **one)
        self.do("concludeVetting", occurredOn="2022-05-01", conclusion="ELIGIBLE", **one)

    def vote(self, candidate: str, on: str = "2022-06-01", *, in_favor: int = 9) -> Answer:
        """The cell's vote by nine official members."""
        return self.do(
            "recordCellVote",
            occurredOn=on,
            candidate=candidate,
            officialMembers=9,
            inFavor=in_favor,
        )

    def admit(self, candidate: str, on: str = "2022-07-01") -> Answer:
        """The vote, the submission and the decision."""
        self.vote(candidate)
        self.do("submitDossier", occurredOn="2022-06-10", candidate=candidate)
        return self.do(
            "decideAdmission", occurredOn=on, candidate=candidate, decisionNumber="01-QĐ/HU"
        )

    def stages(self, **at: str) -> dict[str, int]:
        """How many people stand where in the commune."""
        query = """query Q($code: String!, $at: At) {
          organization(code: $code, at: $at) { pipeline { stage count } } }"""
        data = self.installation.ask(query, self.board, {"code": self.code, "at": at})
        return {line["stage"]: line["count"] for line in data["organization"]["pipeline"]}
