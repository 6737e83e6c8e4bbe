"""What an officer does with obligations, over HTTP. Knows the public contract only."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.acceptance.commune import Commune

DUTY = "occurrence first last standing due inclusive lastDay receivedOn isLate"
OBLIGATION = f"""id organization body imposedBy imposedOn directive document kind title addressee
  via lead coworkers period condition recurrence required isAddressed
  deadline {{ written writtenOn isImpossible }} duties {{ {DUTY} }}
  interpretations {{ due inclusive days every occurrence by reason interpretedOn }}
  submissions {{ occurrence receivedOn time evidence onBehalfBy document named parent content {{
    situation tasks measures {{ text evaluation result }} milestones {{ on text }}
    figures {{ name value unit }} targets {{ period count group }} results lessons
    cells {{ name text organization targets {{ period count group }} }} }} }}
  steps {{ standing occurrence occurredOn reasons document }}
  reminders {{ trigger occurrence remindedOn letter note }}
  consolidations {{ occurrence consolidatedOn document note }}
  followUps {{ kind by result measures followedUpOn }}"""
REFUSAL = "... on Refusal { code message field }"
RECORDED = f"... on ObligationRecorded {{ position obligation {{ {OBLIGATION} }} }}"
IMPOSED = f"... on ObligationsImposed {{ position directive obligations {{ {OBLIGATION} }} }}"
Fields = dict[str, Any]


@dataclass
class Duties:
    """The duties around one commune, and what its district does about them."""

    commune: Commune
    position: str | None = None
    documents: list[str] = field(default_factory=list)

    def attempt(self, mutation: str, on: str, *, token: str | None = None, **fields: Any) -> Fields:  # noqa: ANN401 (a mutation's own fields)
        """What a mutation answers, success or refusal."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
        success = IMPOSED if mutation == "imposeObligations" else RECORDED
        if mutation in {"registerDocument", "addressDocument"}:
            success = "... on DocumentRecorded { position document { id } }"
        query = f"""mutation M($input: {kind}) {{
          {mutation}(input: $input) {{ __typename {success} {REFUSAL} }} }}"""
        given = {"commandId": str(uuid4()), "occurredOn": on, **fields}
        data = self.commune.installation.ask(query, token or self.commune.board, {"input": given})
        answer: Fields = data[mutation]
        self.position = answer.get("position", self.position)
        return answer

    def do(self, mutation: str, on: str, *, token: str | None = None, **fields: Any) -> Fields:  # noqa: ANN401 (a mutation's own fields)
        """The obligation as it stands after a mutation that succeeds."""
        answer = self.attempt(mutation, on, token=token, **fields)
        assert "code" not in answer, answer
        shown: Fields = answer["obligation"]
        return shown

    def impose(self, on: str, **fields: Any) -> list[Fields]:  # noqa: ANN401 (a mutation's own fields)
        """What the district imposes."""
        given = {"organization": self.commune.district, **fields}
        answer = self.attempt("imposeObligations", on, **given)
        assert "code" not in answer, answer
        shown: list[Fields] = answer["obligations"]
        return shown

    def document(self, on: str, title: str, **fields: Any) -> str:  # noqa: ANN401 (a mutation's own fields)
        """A document of the district's register."""
        given = {"kind": "LETTER", "issuer": "Ban Thường vụ Huyện ủy", **fields}
        answer = self.attempt(
            "registerDocument",
            on,
            organization=self.commune.district,
            title=title,
            issuedOn=on,
            **given,
        )
        document: str = answer["document"]["id"]
        return document

    def ask(self, question: str, kinds: str, selection: str, **given: Any) -> Any:  # noqa: ANN401 (what the question answers)
        """The answer of one query after everything that was recorded; `effective` is a day."""
        at = {"after": self.position, "effective": given.pop("effective", None)}
        given.setdefault("organization", self.commune.code)
        names = ", ".join(f"{name}: ${name}" for name in given)
        query = f"""query Q({kinds}, $at: At) {{
          {question}({names}, at: $at) {{ {selection} }} }}"""
        data = self.commune.installation.ask(query, self.commune.board, {**given, "at": at})
        return data[question]

    def register(self, document: str, *, organization: str | None = None, **given: Any) -> Fields:  # noqa: ANN401 (the question's own fields)
        """Who owes what a document asks for."""
        shown: Fields = self.ask(
            "obligationRegister",
            "$organization: String!, $document: ID, $occurrence: String",
            f"""owed submitted approved returned missing noneReported excused withdrawn late
              consolidated lines {{ obligation {{ organization body }} duty {{ {DUTY} }} }}
              unaddressed {{ id organization body }}""",
            organization=organization or self.commune.code,
            document=document,
            **{"occurrence": None, **given},
        )
        return shown

    def open(self, within_days: int | None = None, **given: Any) -> list[Fields]:  # noqa: ANN401 (the question's own fields)
        """What is still owed in the commune."""
        found: list[Fields] = self.ask(
            "openObligations",
            "$organization: String!, $withinDays: Int",
            f"totalCount nodes {{ obligation {{ id title }} duty {{ {DUTY} }} }}",
            withinDays=within_days,
            **given,
        )["nodes"]
        return found

    def reminders(self, within_days: int | None = None, **given: Any) -> list[Fields]:  # noqa: ANN401 (the question's own fields)
        """Who in the commune is to be reminded."""
        found: list[Fields] = self.ask(
            "reminders",
            "$organization: String!, $withinDays: Int",
            f"trigger lastRemindedOn obligation {{ id title }} duty {{ {DUTY} }}",
            withinDays=within_days,
            **given,
        )
        return found
