"""The documents of the committees: registered, based on others, distributed, published."""

from typing import Any
from uuid import uuid4

import pytest
from tests.acceptance.commune import Commune

REFUSAL = "... on Refusal { code message field }"
DOCUMENT = """id organization kind number issuedOn issuedAt title issuer parentOrganization
  period goals keyTasks situation signedInCapacity signerPosition signerName
  links { relation document named note } recipients { name purpose organization }
  acknowledgments { organization acknowledgedOn note } templates { name content }
  publications { publisher site publishedOn }"""
BAO_LAM_PLAN = {
    "kind": "PLAN",
    "number": "100-KH/HU",
    "issuedOn": "2023-04-20",
    "issuedAt": "Bảo Lâm",
    "title": "Kế hoạch phát triển đảng viên vùng đồng bào dân tộc thiểu số năm 2023",
    "issuer": "Ban Thường vụ Huyện ủy",
    "parentOrganization": "Đảng bộ tỉnh Lâm Đồng",
    "period": "2023",
    "goals": ["Nâng cao trách nhiệm của cấp ủy", "Bảo đảm sự kế thừa, phát triển của Đảng"],
    "signedInCapacity": "T/M Ban Thường vụ",
    "signerName": "K'Thử Nghiệm",
}


def act(commune: Commune, mutation: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """What a mutation about documents answers."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
    query = f"""mutation M($input: {kind}) {{ {mutation}(input: $input) {{ __typename
      ... on DocumentRecorded {{ position document {{ {DOCUMENT} }} }} {REFUSAL} }} }}"""
    given = {"commandId": str(uuid4()), **fields}
    answer: dict[str, Any] = commune.installation.ask(query, commune.board, {"input": given})[
        mutation
    ]
    return answer


def register(commune: Commune, on: str = "2023-04-20", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a mutation's own fields)
    """A document of the commune's register."""
    answer = act(
        commune,
        "registerDocument",
        occurredOn=on,
        organization=commune.code,
        **{**BAO_LAM_PLAN, **fields},
    )
    document: dict[str, Any] = answer["document"]
    return document


def listed(commune: Commune, **at: str) -> list[dict[str, Any]]:
    """The register of the commune, newest first."""
    query = f"""query Q($code: String!, $at: At) {{
      documents(organization: $code, at: $at) {{ nodes {{ {DOCUMENT} }} }} }}"""
    data = commune.installation.ask(query, commune.board, {"code": commune.code, "at": at})
    found: list[dict[str, Any]] = data["documents"]["nodes"]
    return found


@pytest.mark.requirement("R000-01", "R000-03", "R000-04", "R000-34")
def test_the_plan_of_bao_lam_is_registered_as_it_was_issued(commune: Commune) -> None:
    """Issuing body, parent organization, number, place, date, title, year, purpose, capacity.

    The signer's position is not in the document and stays unknown.
    """
    plan = register(commune)
    resolution = register(
        commune,
        kind="RESOLUTION",
        number=None,
        issuedOn=None,
        title="Nghị quyết Đại hội đại biểu Đảng bộ huyện lần thứ VI",
        issuer="Đại hội đại biểu Đảng bộ huyện",
        period="2020-2025",
    )
    answer = act(
        commune,
        "linkDocument",
        occurredOn="2023-04-20",
        document=plan["id"],
        relation="SERVES",
        to=resolution["id"],
    )

    shown = answer["document"]
    assert {name: shown[name] for name in BAO_LAM_PLAN} == BAO_LAM_PLAN
    assert shown["signerPosition"] is None
    assert shown["links"] == [
        {"relation": "SERVES", "document": resolution["id"], "named": None, "note": None}
    ]
    after = {"after": answer["position"]}
    assert [each["title"] for each in listed(commune, **after)] == [
        resolution["title"],
        plan["title"],
    ]
    assert listed(commune, effective="2023-04-19", **after) == []


@pytest.mark.requirement(
    "R000-02", "R001-01", "R001-02", "R003-01", "R003-06", "R004-01", "R004-02"
)
def test_letters_stand_on_the_documents_that_they_name(commune: Commune) -> None:
    """A plan on a resolution and a letter; letters on a notice or a letter from above.

    A date on a Sunday is a date; a document without number and date is registered without them.
    """
    bases = {
        "100-KH/HU": ["07-NQ/HU, 26/12/2022", "1240-CV/BTCTU, 23/2/2023"],
        "1849-CV/ĐUK": ["595-TB/TU, 21/8/2023"],
        "381-CV/HU": ["695-CV/BTCTU, 29/12/2021"],
        None: ["28-CT/TU, 06/12/2017", "Nghị quyết Đại hội lần thứ XIV"],
    }
    for number, named in bases.items():
        issued = {"1849-CV/ĐUK": "2023-09-17", "381-CV/HU": "2022-01-10", "100-KH/HU": "2023-04-20"}
        document = register(
            commune,
            on="2023-09-18",
            number=number,
            issuedOn=issued.get(number or ""),
            kind="LETTER",
        )
        for base in named:
            answer = act(
                commune,
                "linkDocument",
                occurredOn="2023-09-18",
                document=document["id"],
                relation="BASED_ON",
                named=base,
            )
        shown = answer["document"]
        assert [each["named"] for each in shown["links"]] == named
        assert (shown["number"], shown["issuedOn"]) == (number, issued.get(number or ""))


@pytest.mark.requirement(
    "R000-33", "R001-40", "R003-30", "R003-31", "R004-19", "R003-01", "R004-01"
)
def test_the_distribution_list_says_who_gets_it_for_what(commune: Commune) -> None:
    """For report, for action, for the archive; the capacity and the position of who signed."""
    letter = register(
        commune,
        kind="LETTER",
        number="1849-CV/ĐUK",
        signedInCapacity="T/M Ban Thường vụ",
        signerPosition="Bí thư",
    )
    recipients = [
        {"name": "Ban Thường vụ Tỉnh ủy", "purpose": "REPORT", "organization": None},
        {"name": "Ban Tổ chức Tỉnh ủy", "purpose": "REPORT", "organization": None},
        {"name": "Đảng bộ xã", "purpose": "ACTION", "organization": commune.code},
        {"name": "Các đoàn thể Khối", "purpose": "ACTION", "organization": None},
        {"name": "Lưu Văn phòng", "purpose": "ARCHIVE", "organization": None},
    ]
    answer = act(
        commune,
        "addressDocument",
        occurredOn="2023-09-17",
        document=letter["id"],
        recipients=recipients,
    )

    shown = answer["document"]
    assert shown["recipients"] == recipients
    assert (shown["signedInCapacity"], shown["signerPosition"]) == ("T/M Ban Thường vụ", "Bí thư")
    assert (
        act(
            commune,
            "addressDocument",
            occurredOn="2023-09-17",
            document=letter["id"],
            recipients=[],
        )["code"]
        == "NO_RECIPIENTS"
    )


@pytest.mark.requirement("R000-06", "R000-25", "R000-29")
def test_each_cell_acknowledges_the_plan_itself(commune: Commune) -> None:
    """A cell says that it has spread the plan; twice is refused, another tenant does not see it."""
    plan = register(commune)
    cell = f"{commune.code}/thon-1"
    token = commune.installation.token("cell", cell)
    query = f"""mutation M($input: AcknowledgeDocumentInput!) {{
      acknowledgeDocument(input: $input) {{ __typename
        ... on DocumentRecorded {{ document {{ {DOCUMENT} }} }} {REFUSAL} }} }}"""

    def acknowledge(token: str, organization: str) -> dict[str, Any]:
        given = {
            "commandId": str(uuid4()),
            "occurredOn": "2023-05-02",
            "document": plan["id"],
            "organization": organization,
        }
        answer = commune.installation.ask(query, token, {"input": given})
        made: dict[str, Any] = answer["acknowledgeDocument"]
        return made

    done = acknowledge(token, cell)

    assert done["document"]["acknowledgments"] == [
        {"organization": cell, "acknowledgedOn": "2023-05-02", "note": None}
    ]
    assert acknowledge(token, cell)["code"] == "ALREADY_ACKNOWLEDGED"
    assert acknowledge(token, f"{commune.code}/thon-2")["__typename"] == "NotFound"

    union = register(commune, number=None, issuer="Ban Thường vụ Huyện đoàn", kind="PROGRAM")
    linked = act(
        commune,
        "linkDocument",
        occurredOn="2023-06-01",
        document=union["id"],
        relation="IMPLEMENTS",
        to=plan["id"],
    )
    assert linked["document"]["links"][0]["document"] == plan["id"]


@pytest.mark.requirement("R001-36", "R001-38", "R001-39")
def test_a_template_is_offered_and_the_plan_follows_the_plan_above(commune: Commune) -> None:
    """The template can be downloaded; a unit's plan names the parent plan and its situation."""
    above = register(
        commune, number=None, title="Kế hoạch của Đảng ủy Khối năm 2021", period="2021"
    )
    template = "1. Đặc điểm tình hình\n2. Chỉ tiêu năm 2021\n3. Giải pháp"
    act(
        commune,
        "offerTemplate",
        occurredOn="2023-04-21",
        document=above["id"],
        name="Mẫu kế hoạch của cơ sở",
        content=template,
    )
    offered = act(
        commune,
        "publishDocument",
        occurredOn="2023-04-22",
        document=above["id"],
        publisher="Ban Tuyên giáo",
        site="Trang thông tin điện tử của Đảng ủy Khối",
    )
    own = register(
        commune,
        number=None,
        title="Kế hoạch năm 2021 của chi bộ cơ sở",
        situation="Đơn vị có 12 quần chúng ưu tú, chủ yếu là viên chức trẻ.",
    )
    linked = act(
        commune,
        "linkDocument",
        occurredOn="2023-04-25",
        document=own["id"],
        relation="IMPLEMENTS",
        to=above["id"],
    )

    assert offered["document"]["templates"] == [
        {"name": "Mẫu kế hoạch của cơ sở", "content": template}
    ]
    assert offered["document"]["publications"][0]["publishedOn"] == "2023-04-22"
    assert linked["document"]["situation"].startswith("Đơn vị có 12")
    assert linked["document"]["links"][0]["document"] == above["id"]


def test_a_wrong_entry_of_the_register_is_corrected(commune: Commune) -> None:
    """The beginning of a record is corrected like any other event; both stay in the trail."""
    answer = act(
        commune,
        "registerDocument",
        occurredOn="2023-04-20",
        organization=commune.code,
        **{**BAO_LAM_PLAN, "number": "1OO-KH/HU"},
    )
    commune.do(
        "correctEvent",
        occurredOn="2023-04-21",
        event=answer["position"],
        reason="Gõ nhầm số",
        replacement={"fields": {"number": "100-KH/HU"}},
    )

    found = commune.installation.ask(
        f"query Q($id: ID!) {{ node(id: $id) {{ ... on Document {{ {DOCUMENT} }} }} }}",
        commune.board,
        {"id": answer["document"]["id"]},
    )["node"]
    assert found["number"] == "100-KH/HU"


def test_a_document_that_was_never_there_is_not_found(commune: Commune) -> None:
    """Its registration is voided: neither the list nor its id shows it, on no day."""
    answer = act(
        commune,
        "registerDocument",
        occurredOn="2023-04-20",
        organization=commune.code,
        **BAO_LAM_PLAN,
    )
    document = answer["document"]["id"]
    voided = commune.do(
        "correctEvent", occurredOn="2023-05-21", event=answer["position"], reason="Ghi nhầm sổ"
    )

    assert listed(commune, after=voided["position"], effective="2023-05-01") == []
    found = commune.installation.answer(
        "query Q($id: ID!) { node(id: $id) { id } }", commune.board, {"id": document}
    )
    assert found["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_FOUND"


def test_a_classified_document_is_refused(commune: Commune) -> None:
    """State secrets have no place here (domain sheet, K.13)."""
    refused = act(
        commune,
        "registerDocument",
        occurredOn="2023-04-20",
        organization=commune.code,
        secrecy="MẬT",
        **BAO_LAM_PLAN,
    )

    assert (refused["code"], refused["field"]) == ("CLASSIFIED_DOCUMENT", "secrecy")
