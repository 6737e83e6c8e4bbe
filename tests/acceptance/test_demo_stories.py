"""The demo tells what the four documents asked for and what came of it, readable by everybody."""

from collections import Counter
from typing import Any

from tests.acceptance.installation import Installation

BAO_LAM, DI_LINH, DUC_TRONG = "lam-dong/bao-lam", "lam-dong/di-linh", "lam-dong/duc-trong"
LAM_DONG_BLOC, BINH_DINH_BLOC = "lam-dong/khoi", "binh-dinh/khoi"
AT_THE_END = "2023-12-31"


def ask(demo: Installation, code: str, selection: str, effective: str = AT_THE_END) -> Any:  # noqa: ANN401 (what is asked)
    """The answer of the first field of a query about an organization, to its board."""
    query = f"query Q($code: String!, $at: At!) {{ {selection} }}"
    given = {"code": code, "at": {"effective": effective}}
    return next(iter(demo.ask(query, demo.token("board", code), given).values()))


def nodes(demo: Installation, code: str, field: str, shown: str, **at: str) -> list[dict[str, Any]]:
    """A register of an organization."""
    selection = f"{field}(organization: $code, at: $at, first: 100) {{ nodes {{ {shown} }} }}"
    found: list[dict[str, Any]] = ask(demo, code, selection, **at)["nodes"]
    return found


def document(demo: Installation, code: str, title: str, shown: str) -> dict[str, Any]:
    """The document of a register whose title begins so."""
    found = nodes(demo, code, "documents", f"title {shown}")
    return next(each for each in found if each["title"].startswith(title))


def duties_of(demo: Installation, code: str, of: str, effective: str = AT_THE_END) -> Any:  # noqa: ANN401
    """Who owes what a document asks for, by the titles of the duties."""
    shown = f"""obligationRegister(organization: $code, document: "{of}", at: $at) {{
      owed late missing unaddressed {{ body }} lines {{
        obligation {{ title organization body deadline {{ written isImpossible }}
          interpretations {{ due inclusive by }} submissions {{ named }} steps {{ standing }} }}
        duty {{ standing receivedOn isLate occurrence }} }} }}"""
    return ask(demo, code, shown, effective)


def lines(register: dict[str, Any], title: str) -> dict[str, Any]:
    """The lines of one duty, by the last part of the owner's code."""
    return {
        each["obligation"]["organization"].rpartition("/")[2]: each
        for each in register["lines"]
        if each["obligation"]["title"].startswith(title)
    }


def test_plan_100_has_its_bases_recipients_and_signing_capacity(demo: Installation) -> None:
    """When the plan of 2023 is read, then all that stands on it is there."""
    plan = document(
        demo,
        BAO_LAM,
        "Nâng cao công tác tạo nguồn",
        """number issuedOn issuedAt issuer period signedInCapacity signerPosition
        links { relation named document } recipients { name purpose }
        acknowledgments { acknowledgedOn }""",
    )

    assert (plan["number"], plan["issuedOn"]) == ("100-KH/HU", "2023-04-20")
    assert (plan["signedInCapacity"], plan["signerPosition"]) == ("T/M Ban Thường vụ", None)
    assert [each["relation"] for each in plan["links"]] == ["BASED_ON", "BASED_ON", "SERVES"]
    assert plan["links"][0]["document"] is not None
    assert "1240-CV/BTCTU" in plan["links"][1]["named"]
    assert plan["recipients"][0] == {"name": "Thường trực Tỉnh ủy", "purpose": "REPORT"}
    assert len(plan["recipients"]) == len(plan["acknowledgments"]) == 5


def test_reports_on_plan_100_are_in_time_late_or_missing(demo: Installation) -> None:
    """When the register of the plan is asked, then "before 30/10/2023" leaves the 30th out."""
    plan = document(demo, BAO_LAM, "Nâng cao công tác tạo nguồn", "id")["id"]
    register = duties_of(demo, BAO_LAM, plan)
    reports = lines(register, "Báo cáo kết quả")

    assert len(reports) == 24
    assert [reports[name]["duty"]["isLate"] for name in ("b-la", "loc-bao", "loc-phu")] == [
        False,
        True,
        True,
    ]
    assert reports["b-la"]["duty"]["standing"] == "APPROVED"
    assert reports["loc-phu"]["duty"]["standing"] == "OPEN"
    plans = lines(register, "Kế hoạch lãnh đạo")
    assert [step["standing"] for step in plans["loc-bac"]["obligation"]["steps"]] == [
        "SUBMITTED",
        "RETURNED",
        "SUBMITTED",
    ]
    assert "Ban Thường vụ Huyện đoàn" in {each["body"] for each in register["unaddressed"]}


def test_the_impossible_deadline_of_letter_381_is_kept_and_interpreted(demo: Installation) -> None:
    """When the letter of 2022 asks for plans before 15/02/2021, then one says what is meant."""
    letter = document(demo, BAO_LAM, "V/v tăng cường công tác tạo nguồn", "id")["id"]
    register = duties_of(demo, BAO_LAM, letter)
    plans = lines(register, "Kế hoạch tạo nguồn")

    loc_an = plans["loc-an"]["obligation"]
    assert loc_an["deadline"] == {"written": "trước ngày 15/02/2021", "isImpossible": True}
    (meant,) = loc_an["interpretations"]
    assert (meant["due"], meant["inclusive"]) == ("2022-02-15", False)
    standings = {name: plans[name]["duty"]["standing"] for name in plans}
    assert standings["b-la"] == "APPROVED"
    assert standings["loc-nam"] == "SUBMITTED"
    assert standings["chi-cuc-thong-ke"] == "NONE_REPORTED"
    assert standings["hat-kiem-lam"] == "EXCUSED"
    assert (plans["b-la"]["duty"]["isLate"], plans["loc-an"]["duty"]["isLate"]) == (False, True)


def test_the_plan_of_2021_of_binh_dinh_has_no_number_but_a_template(demo: Installation) -> None:
    """When the plan is read, then unknown stays unknown; its duties return."""
    plan = document(
        demo,
        BINH_DINH_BLOC,
        "Kế hoạch phát triển đảng viên năm 2021",
        "id number issuedOn publications { site } templates { name } links { relation }",
    )
    register = duties_of(demo, BINH_DINH_BLOC, plan["id"])
    schedules = nodes(demo, BINH_DINH_BLOC, "schedules", "kind progress { quarter opened }")

    assert (plan["number"], plan["issuedOn"]) == (None, None)
    assert (len(plan["publications"]), len(plan["templates"])) == (1, 1)
    assert [each["relation"] for each in plan["links"]] == ["BASED_ON", "IMPLEMENTS"]
    plans = lines(register, "Kế hoạch phát triển đảng viên năm 2021 của đơn vị")
    assert [
        (plans[name]["duty"]["isLate"], plans[name]["duty"]["standing"])
        for name in ("truong-cao-dang-binh-dinh", "so-tu-phap", "so-noi-vu")
    ] == [(False, "APPROVED"), (True, "SUBMITTED"), (True, "OPEN")]
    months = [
        each["duty"]["standing"]
        for each in register["lines"]
        if each["obligation"]["title"].startswith("Hội nghị xét kết nạp")
    ]
    assert (len(months), months[0]) == (12, "SUBMITTED")
    opened = {each["kind"]: [q["opened"] for q in each["progress"]] for each in schedules}
    assert opened == {"CANDIDATE_CLASS": [1, 0, 2, 1], "NEW_MEMBER_CLASS": [0, 1, 0, 0]}


def test_letter_1849_urges_who_has_no_plan(demo: Installation) -> None:
    """When the bloc's letter is read, then those it urged, and why, and the answer are there."""
    shown = """title organization reminders { trigger letter remindedOn }
      submissions { receivedOn named } duties { standing isLate }"""
    letter = document(
        demo,
        LAM_DONG_BLOC,
        "Đôn đốc thực hiện",
        "id issuedOn signerPosition recipients { purpose } links { relation document }",
    )
    found = nodes(demo, LAM_DONG_BLOC, "obligations", shown)
    urged = {
        each["organization"].rpartition("/")[2]: each
        for each in found
        for reminder in each["reminders"]
        if reminder["letter"] == letter["id"]
    }

    assert (letter["issuedOn"], letter["signerPosition"]) == ("2023-09-17", "Bí thư")
    purposes = Counter(each["purpose"] for each in letter["recipients"])
    assert (purposes["ACTION"], purposes["REPORT"]) == (3, 2)
    assert letter["links"][0]["document"] is not None
    assert {name: each["reminders"][0]["trigger"] for name, each in urged.items()} == {
        "truong-cao-dang-da-lat": "PLAN_MISSING",
        "ban-dan-toc": "PLAN_MISSING",
        "so-ngoai-vu": "PLAN_MISSING",
        "so-noi-vu": "OVERDUE",
    }
    assert urged["truong-cao-dang-da-lat"]["submissions"][0]["receivedOn"] == "2023-09-27"
    assert urged["ban-dan-toc"]["duties"] == [{"standing": "OPEN", "isLate": True}]


def test_a_class_is_filled_graded_and_gives_certificates(demo: Installation) -> None:
    """When the class of Bảo Lâm is read, then who failed took the check again."""
    (course,) = nodes(
        demo,
        BAO_LAM,
        "courses",
        """state allotments { places } sessions { topic } results {
          proposed enrolled passed failed retakes }""",
    )

    assert course["state"] == "ENDED"
    assert [each["places"] for each in course["allotments"]] == [3, 2, 2]
    assert len(course["sessions"]) == 3
    assert course["results"] == {
        "proposed": 4,
        "enrolled": 4,
        "passed": 4,
        "failed": 0,
        "retakes": 1,
    }


def test_every_other_register_is_filled(demo: Installation) -> None:
    """When the other registers of Bảo Lâm are read, then each has something in it."""
    bodies = ask(demo, BAO_LAM, "bodies(organization: $code, at: $at) { kind }")
    territories = ask(
        demo,
        BAO_LAM,
        "territories(organization: $code, at: $at) { charges { organization { code } } }",
    )
    kinds = [each["kind"] for each in nodes(demo, BAO_LAM, "activities", "kind")]
    models = nodes(demo, BAO_LAM, "activities", "kind replications { replicatedOn }")
    defects = nodes(demo, BAO_LAM, "defects", "rule closedOn reminders { by }")
    guidance = nodes(demo, LAM_DONG_BLOC, "guidance", "answers { by }")
    reactions = nodes(demo, LAM_DONG_BLOC, "reactions", "kind decision { agreed }")

    assert {"ORGANIZATION_BOARD", "YOUTH_UNION"} <= {each["kind"] for each in bodies}
    assert len(territories) == 3
    assert {"TRAINING", "EDUCATION", "REVIEW", "INSPECTION", "CONFERENCE"} <= set(kinds)
    assert [len(each["replications"]) for each in models if each["kind"] == "MODEL"] == [2]
    assert {each["rule"]: each["closedOn"] for each in defects} == {"T9": "2023-10-26", "P2": None}
    assert sorted(len(each["answers"]) for each in guidance) == [0, 1]
    assert {each["kind"]: each["decision"]["agreed"] for each in reactions} == {
        "RECTIFICATION": True,
        "REWARD": False,
    }


def test_one_sitting_decided_three_dossiers(demo: Installation) -> None:
    """When the conference of August 2021 is read, then attendance and each vote are there."""
    (docket,) = nodes(demo, DI_LINH, "dockets", "meetsOn dossiers { matter }")
    (sitting,) = nodes(demo, DI_LINH, "meetings", "heldOn members present items { matter inFavor }")

    assert (docket["meetsOn"], len(docket["dossiers"])) == ("2021-08-04", 3)
    assert (sitting["heldOn"], sitting["members"], sitting["present"]) == ("2021-08-04", 11, 10)
    assert [each["inFavor"] for each in sitting["items"]] == [10, 10, 8]


def test_the_particular_cases_stand_where_they_should(demo: Installation) -> None:
    """When the people of Di Linh are read, then each way to end a case has somebody."""
    people = nodes(demo, DI_LINH, "candidates", "stage")
    stages = Counter(each["stage"] for each in people)
    province = demo.token("province", "lam-dong")
    transfers = demo.ask(
        "{ transfers { state fromTenant toTenant candidate received } }", province
    )["transfers"]

    ended = {"REFUSED": 2, "WITHDRAWN": 1, "STRUCK_OFF": 1, "DECEASED": 1, "DECISION_REVOKED": 1}
    assert {stage: stages[stage] for stage in ended} == ended
    assert (stages["CLASS_ATTENDING"], stages["CLASS_PROPOSED"]) == (1, 1)
    assert stages["TRANSFERRED_OUT"] == 2
    assert {each["toTenant"] for each in transfers} == {DUC_TRONG}
    assert sorted(each["state"] for each in transfers) == ["IN_TRANSIT", "RECEIVED"]
    assert {bool(each["received"]) for each in transfers} == {True, False}
