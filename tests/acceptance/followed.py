"""One person whom a commune follows: steps by day, and what the card shows of it."""

from dataclasses import dataclass
from typing import Any

from tests.acceptance.commune import Answer, Commune, mutate

MEMBER = {"introducerOfficialSince": "2010-01-01", "workedTogetherSince": "2019-01-01"}
GOOD = {"studyOrWork": "GOOD", "character": "EXCELLENT", "motive": "GOOD"}


@dataclass
class Followed:
    """Somebody of a commune's first cell."""

    commune: Commune
    id: str
    position: str | None = None
    """Of the last step taken here."""

    def attempt(self, mutation: str, on: str, role: str | None = None, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """What a mutation answers the board, or an officer of the commune with a role."""
        given = {"candidate": self.id, "occurredOn": on, **fields}
        return mutate(self.commune.installation, self._token(role), mutation, given)

    def do(self, mutation: str, on: str, role: str | None = None, **fields: Any) -> Answer:  # noqa: ANN401 (a mutation's own fields)
        """The success of a mutation."""
        answer = self.attempt(mutation, on, role, **fields)
        assert answer["__typename"].endswith("Recorded"), answer
        self.position = answer["position"]
        return answer

    def _token(self, role: str | None) -> str:
        if role is None:
            return self.commune.board
        named = ("--actor", f"{role}-officer")
        return self.commune.installation.token(role, self.commune.code, *named)

    def card(self, fields: str, **at: str) -> dict[str, Any]:
        """Fields of the card."""
        query = f"query C($id: ID!, $at: At) {{ candidate(id: $id, at: $at) {{ {fields} }} }}"
        data = self.commune.installation.ask(
            query, self.commune.board, {"id": self.id, "at": at or None}
        )
        card: dict[str, Any] = data["candidate"]
        return card

    def stage(self, on: str) -> str:
        """Where the case stood on a day."""
        return str(self.card("stage", effective=on)["stage"])

    def findings(self) -> list[str]:
        """The rules that were found broken, in the order of the steps."""
        return [found["rule"] for found in self.card("findings { rule }")["findings"]]

    def listed_with(self, filter_: str, effective: str = "2022-12-31") -> list[str]:
        """The ids of the people on a list of the commune, once it has this person's last step."""
        query = f"""query L($code: String!, $at: At) {{
          candidates(organization: $code, filter: {{ {filter_} }}, first: 50, at: $at) {{
            totalCount nodes {{ id }} }} }}"""
        at = {"effective": effective, "after": self.position}
        variables = {"code": self.commune.code, "at": at}
        found = self.commune.installation.ask(query, self.commune.board, variables)["candidates"]
        ids = [node["id"] for node in found["nodes"]]
        assert found["totalCount"] == len(ids)
        return ids

    def on_the_list(self) -> None:
        """Helped, listed and confirmed."""
        self.do(
            "assignHelper",
            "2022-01-20",
            helperName="Đảng viên Giúp Đỡ",
            helperOfficialSince="2010-01-01",
        )
        self.do("listSympathizer", "2022-02-01", resolutionNumber="3-NQ/CB")
        self.do("confirmSympathizer", "2022-02-15", "grassroots")

    def certified(self) -> None:
        """On the list, proposed, sent to class and passed."""
        self.on_the_list()
        self.do("proposeForClass", "2022-02-20")
        self.do("agreeToClass", "2022-02-21", "grassroots")
        self.do("enrollInClass", "2022-02-25", className="Lớp 1/2022")
        self.do("recordCertificate", "2022-03-01", number="12/GCN", grade="Khá")

    def vetted(self) -> None:
        """Allowed to begin, with history declared, stamped, verified and found eligible."""
        self.certified()
        self.do("openDossier", "2022-04-01")
        self.do("submitApplication", "2022-04-02", writtenOn="2022-04-02")
        self.do("declareHistory", "2022-04-03", writtenOn="2022-04-03", schooling="COLLEGE")
        self.do("stampHistory", "2022-04-05", "grassroots", pages=12)
        self.do("requestVetting", "2022-04-06", "grassroots", repliesExpected=1)
        self.do("recordVettingReply", "2022-04-20", "grassroots")
        self.do("concludeVetting", "2022-05-01", "grassroots", conclusion="ELIGIBLE")

    def reviewed(self) -> None:
        """Introduced, spoken for, voted on and agreed to: ready to be submitted."""
        self.vetted()
        self.do("giveIntroduction", "2022-05-10", introducerName="Lê Thị Giới Thiệu", **MEMBER)
        self.do("recordUnionResolution", "2022-05-11", union="YOUTH_UNION")
        for source in ("ORGANIZATIONS", "RESIDENCE"):
            self.do("collectOpinions", "2022-05-12", source=source, asked=4, inFavor=4)
        votes: dict[str, Any] = {"officialMembers": 9, "inFavor": 8}
        self.do("recordCellVote", "2022-06-01", **votes)
        self.do("confirmVoteTally", "2022-06-02", "grassroots", **votes)
        self.do("adoptGrassrootsResolution", "2022-06-08", "grassroots", resolutionNumber="7-NQ")

    def submitted(self) -> None:
        """Before the competent committee."""
        self.reviewed()
        self.do("submitDossier", "2022-06-10", "grassroots")


def followed(commune: Commune, **particulars: Any) -> Followed:  # noqa: ANN401 (the person's own)
    """Somebody new, of the Mạ and 26 years old unless told otherwise."""
    return Followed(commune, commune.identify(**particulars))
