"""Who a person is, as an identification states it."""

from typing import TYPE_CHECKING

from domain.groups import Particulars, age_band, groups_on, person_groups
from domain.judgment import Day
from domain.record import optional_words, require_past, require_words

if TYPE_CHECKING:
    from domain.candidate import Cell, Person


def particulars_of(day: Day, cell: "Cell", person: "Person") -> dict[str, object]:
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
