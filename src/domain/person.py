"""Who a person is, as an identification states it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from domain.case import Case, CaseEntry
from domain.groups import Particulars, Sex, age_band, groups_on, person_groups
from domain.judgment import Day
from domain.personal import SEALED
from domain.record import CreatedEntry, optional_words, require_past, require_words


class Identified(CaseEntry, CreatedEntry):
    """An outstanding person was found and is followed from that day on."""

    TOPIC = "candidate.identified"
    full_name: Annotated[str, SEALED]
    birth_date: Annotated[date, SEALED]
    sex: Annotated[Sex, SEALED]
    ethnicity: Annotated[str | None, SEALED]
    religion: Annotated[str | None, SEALED]
    identity_number: Annotated[str | None, SEALED]
    own_groups: tuple[str, ...]
    characteristics: tuple[str, ...]
    grassroots_cell: bool

    def take(self, case: Case) -> None:
        """The person is followed, by the cell of the identification until it moves on."""
        case.identified = self
        case.placed = case.placed or self


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell that handles a case.

    Its id, whether it is a grassroots cell, the characteristics of its area, and whether the
    grassroots committee above it was authorized to decide on admissions.
    """

    id: UUID
    grassroots: bool
    characteristics: frozenset[str]
    delegated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the person is, as stated. Unknown stays None."""

    full_name: str
    birth_date: date
    sex: Sex
    ethnicity: str | None = None
    religion: str | None = None
    identity_number: str | None = None
    groups: frozenset[str] = frozenset()


def particulars_of(day: Day, cell: Cell, person: Person) -> dict[str, object]:
    """The fields of an identification. Raises InvalidInput."""
    require_past("birthDate", person.birth_date, day.on)
    own = person_groups(
        person.groups,
        Particulars(person.birth_date, person.sex, person.ethnicity, person.religion),
    )
    return {
        "full_name": require_words("fullName", person.full_name, 200),
        "birth_date": person.birth_date,
        "sex": person.sex,
        "ethnicity": optional_words("ethnicity", person.ethnicity, 100),
        "religion": optional_words("religion", person.religion, 100),
        "identity_number": optional_words("identityNumber", person.identity_number, 20),
        "own_groups": tuple(sorted(own)),
        "characteristics": tuple(sorted(cell.characteristics)),
        "grassroots_cell": cell.grassroots,
        "groups": groups_on(own, person.birth_date, day.on, cell.characteristics),
        "age_band": age_band(person.birth_date, day.on),
        "regulation": day.rules.regulation_on(day.on),
        "findings": (),
    }


def identity_claim(identity_number: str | None) -> frozenset[tuple[str, str]]:
    """What a person's identity number lets only one hold, however it is written."""
    if identity_number is None:
        return frozenset()
    digits = "".join(sign for sign in identity_number if sign.isalnum())
    return frozenset({("identity number", digits.upper())})
