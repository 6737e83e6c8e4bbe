"""The rule book: every version is dated and sourced, and the right one is in force."""

import tomllib
from datetime import date, timedelta

import pytest

from domain.procedure import (
    SHIPPED,
    Effect,
    Ground,
    Paper,
    RuleVersion,
    rule_book,
    rule_book_digest,
)

BOOK = rule_book()
VERSIONS = [version for versions in BOOK.versions.values() for version in versions]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda v: f"{v.rule} {v.valid_from}")
def test_every_version_says_where_it_comes_from(version: RuleVersion) -> None:
    """Every version has a source, a confidence, a code and a sentence in both languages."""
    assert version.source
    assert version.confidence in {"R", "R?", "A"}
    assert version.code.isupper()
    values: dict[str, object] = {
        **dict.fromkeys(
            (
                "day",
                "missing_vi",
                "missing_en",
                "official_members",
                "outstanding",
                "count",
                "ground",
            ),
            "x",
        ),
        **version.parameters,
    }
    shown = version.text.filled(values)
    assert "{" not in shown.vi + shown.en
    assert shown.vi != shown.en


def test_versions_are_in_order() -> None:
    """Versions of a rule follow one another, each on its own day; codes are not shared."""
    for versions in BOOK.versions.values():
        starts = [version.valid_from for version in versions]
        assert starts == sorted(set(starts))
    codes = {versions[0].code for versions in BOOK.versions.values()}
    assert len(codes) == len(BOOK.versions)


@pytest.mark.parametrize("rule", sorted(BOOK.versions))
def test_the_version_of_a_day(rule: str) -> None:
    """A version is in force from its first day to the day before the next; the first one before."""
    versions = BOOK.versions[rule]

    assert BOOK.on(rule, date(1990, 1, 1)) is versions[0]
    for index, version in enumerate(versions):
        assert BOOK.on(rule, version.valid_from) is version
        assert BOOK.on(rule, version.valid_from - timedelta(days=1)) is versions[max(index - 1, 0)]
    assert BOOK.on(rule, date(2100, 1, 1)) is versions[-1]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2010, 1, 1), "29-QĐ/TW"),
        (date(2021, 7, 29), "29-QĐ/TW"),
        (date(2021, 7, 30), "24-QĐ/TW"),
        (date(2025, 1, 20), "232-QĐ/TW"),
        (date(2025, 6, 30), "232-QĐ/TW"),
        (date(2025, 7, 1), "294-QĐ/TW"),
    ],
)
def test_regulation_in_force(day: date, name: str) -> None:
    """Each step names the Central regulation of its day."""
    assert name == BOOK.regulation_on(day)


def test_values_of_the_rules() -> None:
    """The values that were read in the regulations, and what a breach does."""
    values = {rule: (v[-1].effect, dict(v[-1].parameters)) for rule, v in BOOK.versions.items()}

    of_the_case = {
        "T3": (Effect.CONSENT, {}),
        "T5": (Effect.FINDING, {"months": 12}),
        "T6": (Effect.REFUSE, {"months": 12}),
        "T8": (Effect.REFUSE, {"numerator": 2, "denominator": 3}),
        "T9E": (Effect.REFUSE, {"working_days_max": 30}),
        **{rule: (Effect.REFUSE, {}) for rule in ("P4", "V2", "G1", "G2", "G4", "S2", "S4", "E1")},
        **{rule: (Effect.FINDING, {}) for rule in ("P5", "L1", "L2", "L3", "D1", "D2", "V1")},
        **{rule: (Effect.FINDING, {}) for rule in ("V3", "G3", "S1", "S3", "T4R")},
    }
    assert values == of_the_case | {
        "T1": (Effect.REFUSE, {"months_min": 216}),
        "T2": (Effect.CONSENT, {"months_max": 720}),
        "T4": (Effect.REFUSE, {"months": 60}),
        "T7": (Effect.REFUSE, {"numerator": 2, "denominator": 3}),
        "T9": (Effect.FINDING, {"working_days": 60}),
        "T10": (Effect.CONSENT, {"working_days": 30}),
        "T11": (Effect.REFUSE, {"months": 12}),
        "T12": (Effect.FINDING, {"working_days": 30}),
        "T13": (Effect.FINDING, {"working_days": 30, "extension_working_days": 30}),
        "T14": (Effect.REFUSE, {"months": 12}),
        "T15": (Effect.FINDING, {"votes": 3}),
        "T16": (Effect.FINDING, {"working_days": 30}),
        "T17": (Effect.FINDING, {"working_days": 60, "papers_working_days": 30}),
        "T18": (Effect.REFUSE, {"months": 36, "months_after_clearing": 60}),
        "T19": (Effect.REFUSE, {"members_min": 3}),
        "T20": (Effect.FINDING, {"months": 1}),
        "T21": (Effect.FINDING, {"months": 3}),
        "T22": (Effect.FINDING, {"working_days": 30, "abroad_working_days": 90}),
        "T23": (Effect.REFUSE, {}),
        "M1": (Effect.REFUSE, {}),
        "M2": (Effect.REFUSE, {}),
        "M3": (Effect.FINDING, {}),
        "M4": (Effect.CONSENT, {}),
        "M5": (Effect.REFUSE, {}),
        "M6": (Effect.REFUSE, {}),
        "P2": (Effect.FINDING, {}),
        "P3": (Effect.REFUSE, {}),
        "P6": (Effect.REFUSE, {}),
        "P8": (Effect.REFUSE, {}),
        "O1": (Effect.REFUSE, {}),
        "O2": (Effect.REFUSE, {}),
        "O3": (Effect.FINDING, {}),
        "X1": (Effect.CONSENT, {}),
        "X2": (Effect.REFUSE, {"days": 15}),
    }


@pytest.mark.parametrize("entry", [*BOOK.grounds, *BOOK.papers], ids=lambda entry: entry.code)
def test_grounds_and_papers_say_where_they_come_from(entry: Ground | Paper) -> None:
    """Every ground and paper is dated and has a source; a code is known from its day on."""
    assert entry.source
    assert entry.confidence in {"R", "R?", "A"}
    assert entry.text.vi != entry.text.en
    before = entry.valid_from - timedelta(days=1)
    if isinstance(entry, Ground):
        assert BOOK.ground(entry.kind, entry.code, entry.valid_from) is entry
        assert BOOK.ground(entry.kind, entry.code, before) is None
    else:
        assert entry in BOOK.papers_on(entry.valid_from)
        assert BOOK.papers_on(before) == []


def test_the_catalogue_of_a_day() -> None:
    """On a day each rule that began has one version in force, until the day before the next."""
    shown = {v.rule: v for v in BOOK.in_force(date(2025, 6, 30))}

    assert shown["T10"].source == "232-QĐ/TW, 4.1"
    assert BOOK.valid_to(shown["T10"]) == date(2025, 6, 30)
    assert BOOK.valid_to(BOOK.on("T10", date(2025, 7, 1))) is None
    assert set(shown) == set(BOOK.versions)
    assert {v.rule for v in BOOK.in_force(date(2012, 1, 1))} == {
        *("T6", "T7", "T11", "T19", "T20", "M2"),
        *("P4", "G1", "G2", "G4"),
    }


def test_a_rule_is_shown_from_its_first_day_on() -> None:
    """The Charter's rules begin on 19 January 2011."""
    before, first = date(2011, 1, 18), date(2011, 1, 19)

    assert "T7" not in {version.rule for version in BOOK.in_force(before)}
    assert "T7" in {version.rule for version in BOOK.in_force(first)}


def test_the_book_says_in_which_direction_a_committee_may_be_stricter() -> None:
    """Fewer days, more members; the probation's twelve months are fixed for everybody."""
    assert BOOK.on("T10", date(2022, 1, 1)).stricter == {"working_days": "less"}
    assert BOOK.on("T19", date(2022, 1, 1)).stricter == {"members_min": "more"}
    assert BOOK.on("T11", date(2022, 1, 1)).stricter == {}


def test_the_ids_of_the_rules_are_unique() -> None:
    """No rule stands in the book twice: the second would silently replace the first."""
    ids = [rule["id"] for rule in tomllib.loads(SHIPPED.read_text("utf-8"))["rule"]]

    assert len(ids) == len(set(ids)) == len(BOOK.versions)


def test_the_digest_names_the_book() -> None:
    """A SHA-256 of the data."""
    assert len(rule_book_digest()) == 64
    assert int(rule_book_digest(), 16)


def test_some_reasons_to_have_left_exclude_a_return() -> None:
    """As the book says of each; a name that was struck off is none of them (M6)."""
    excluded = {each.code: each.is_excluded for each in BOOK.grounds}

    assert any(excluded.values())
    assert not excluded["STRUCK_OFF"]
