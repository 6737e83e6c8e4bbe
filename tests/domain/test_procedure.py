"""The rule book: every version is dated and sourced, and the right one is in force."""

from datetime import date, timedelta

import pytest

from domain.procedure import Effect, RuleVersion, rule_book

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
            ("day", "missing_vi", "missing_en", "official_members", "outstanding", "count"), "x"
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
        **{rule: (Effect.REFUSE, {}) for rule in ("P4", "V2", "G1", "G2", "S2", "S4", "E1")},
        **{rule: (Effect.FINDING, {}) for rule in ("P5", "L1", "L2", "L3", "D1", "D2", "V1")},
        **{rule: (Effect.FINDING, {}) for rule in ("V3", "G3", "S1", "S3")},
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
        "T13": (Effect.FINDING, {"working_days": 30}),
        "T15": (Effect.FINDING, {"votes": 3}),
        "T19": (Effect.REFUSE, {"members_min": 3}),
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
