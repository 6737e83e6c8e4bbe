"""Synthetic people: names, birth dates, ethnicity, religion and groups. None of them exists."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo.organizations import Setting
from domain.candidate import Person
from domain.groups import Sex

KINH = "Kinh"
_FAMILY = (
    "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan",
    "Vũ", "Võ", "Đặng",
    "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Mai", "Trịnh", "Đoàn",
)  # fmt: skip
_MIDDLE = {
    Sex.MALE: ("Văn", "Đức", "Minh", "Quốc", "Hữu", "Thanh", "Ngọc", "Xuân", "Công", "Đình", "Anh"),
    Sex.FEMALE: (
        "Thị",
        "Thị",
        "Thị",
        "Ngọc",
        "Thanh",
        "Thu",
        "Kim",
        "Mỹ",
        "Phương",
        "Hồng",
        "Bích",
    ),
}
_GIVEN = {
    Sex.MALE: (
        "Anh", "Bảo", "Cường", "Dũng", "Duy", "Đạt", "Hải", "Hiếu", "Hoàng", "Hùng", "Huy",
        "Khoa", "Lâm", "Long", "Nam",
        "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Thắng", "Thành", "Toàn", "Trung", "Tuấn", "Việt",
    ),
    Sex.FEMALE: (
        "An", "Châu", "Dung", "Giang", "Hà", "Hạnh", "Hiền", "Hoa", "Hương", "Lan", "Linh",
        "Loan", "Mai", "My", "Nga",
        "Ngân", "Nhung", "Oanh", "Phương", "Quyên", "Thảo", "Trang", "Trinh", "Tuyết", "Vân", "Yến",
    ),
}  # fmt: skip
_HIGHLAND_GIVEN = {
    Sex.MALE: ("Brẻo", "Brịp", "Têu", "Điệp", "Bril", "Đơi", "Jim", "Lểu", "Nhông", "Tíu", "Sĩ",
    "Vinh"),
    Sex.FEMALE: ("Hương", "Mỹ", "Thủy", "Brẻm", "Brợi", "Dím", "Lim", "Nhiêm", "Thoàn", "Yến",
    "Duyên", "Sương"),
}  # fmt: skip
_CLANS = {
    "Cơ Ho": ("Cil", "Kơ Să", "Lơ Mu", "Liêng Hot", "Păng Ting", "Đa Cát", "Kră Jăn", "Rơ Ông", ""),
    "Mạ": ("Điểu", "", "", ""),
    "Chu Ru": ("Ma", "Tou Prong", "Jơr Lơng", "Bơnahria"),
    "M'Nông": ("Ntơr", "Liêng Jrang", "Kon Sơ", "Ndu"),
    "Tày": ("Nông", "Hoàng", "Lục", "Bế"),
    "Nùng": ("Nông", "Vi", "Triệu", "Đàm"),
}  # fmt: skip
_LOWLAND = frozenset({"Tày", "Nùng"})
_PEOPLES = {  # where which people mainly live (assumed): people, weight
    "dam-rong": (("M'Nông", 4), ("Cơ Ho", 5), ("Tày", 1)),
    "don-duong": (("Chu Ru", 6), ("Cơ Ho", 4)),
    "duc-trong": (("Cơ Ho", 5), ("Chu Ru", 3), ("Nùng", 2)),
    "bao-lam": (("Mạ", 5), ("Cơ Ho", 4), ("Nùng", 1)),
    "da-huoai": (("Mạ", 8), ("Tày", 2)),
    "da-teh": (("Mạ", 4), ("Tày", 4), ("Nùng", 2)),
    "cat-tien": (("Mạ", 6), ("Tày", 4)),
}
_PEOPLES_ELSEWHERE = (("Cơ Ho", 6), ("Mạ", 2), ("Tày", 1), ("Nùng", 1))
_STUDENTS, _PUPILS, _WORKERS = 0.7, 0.5, 0.06
"""Shares of the young at colleges, of the young at schools, and of residents (assumed)."""
_RELIGIONS = (("Công giáo", 5), ("Phật giáo", 3), ("Tin lành", 2), ("Cao Đài", 1))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a person's place and quota decide before the person is drawn."""

    setting: Setting
    place: str
    minority: bool
    youth_union: bool
    religious_area: bool


def person(random: Random, circumstances: Circumstances, anchor: date) -> Person:
    """A person who is 18 already half a year before `anchor`, and not yet 60 on it."""
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    ethnicity = _ethnicity(random, circumstances)
    groups = _groups(random, circumstances)
    birth_date = _birth_date(random, groups, anchor)
    religious = random.random() < (0.25 if circumstances.religious_area else 0.1)
    return Person(
        full_name=full_name(random, sex, ethnicity),
        birth_date=birth_date,
        sex=sex,
        ethnicity=ethnicity,
        religion=_weighted(random, _RELIGIONS) if religious else None,
        identity_number=_identity_number(random, sex, birth_date),
        groups=groups,
    )


def full_name(random: Random, sex: Sex, ethnicity: str = KINH) -> str:
    """A name as people of that sex and ethnicity bear it."""
    if ethnicity not in _CLANS:
        family = random.choice(_FAMILY)
        return f"{family} {random.choice(_MIDDLE[sex])} {random.choice(_GIVEN[sex])}"
    clan = random.choice(_CLANS[ethnicity])
    if ethnicity in _LOWLAND:
        return f"{clan} {random.choice(_MIDDLE[sex])} {random.choice(_GIVEN[sex])}"
    given = random.choice(_HIGHLAND_GIVEN[sex])
    own = f"K'{given}" if sex is Sex.MALE else f"Ka {given}"
    return f"{clan} {own}".strip()


def _ethnicity(random: Random, circumstances: Circumstances) -> str:
    peoples = _PEOPLES.get(circumstances.place, _PEOPLES_ELSEWHERE)
    chosen = _weighted(random, peoples)
    return chosen if circumstances.minority else KINH


def _weighted(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return random.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def _groups(random: Random, circumstances: Circumstances) -> frozenset[str]:
    groups = {"YOUTH_UNION"} if circumstances.youth_union else set[str]()
    chance = random.random()
    match circumstances.setting:
        case Setting.COLLEGE if circumstances.youth_union and chance < _STUDENTS:
            groups.add("STUDENT")
        case Setting.HOSPITAL:
            groups.add("HEALTH_STAFF")
        case Setting.SCHOOL if circumstances.youth_union and chance < _PUPILS:
            groups.add("PUPIL")
        case Setting.RESIDENTIAL if chance < _WORKERS:
            groups.add("WORKER")
        case _:
            pass
    return frozenset(groups)


def _birth_date(random: Random, groups: frozenset[str], anchor: date) -> date:
    if "PUPIL" in groups:
        years, days = 18, random.randint(240, 350)
    elif "STUDENT" in groups:
        years, days = random.randint(19, 22), random.randint(1, 350)
    elif "YOUTH_UNION" in groups:
        years, days = random.randint(20, 29), random.randint(1, 350)
    else:
        years, days = random.choice((*range(24, 46), *range(30, 56))), random.randint(1, 350)
    day = min(anchor.day, 28)
    return anchor.replace(year=anchor.year - years, day=day) - timedelta(days=days)


def _identity_number(random: Random, sex: Sex, birth_date: date) -> str:
    """Twelve digits in today's form, with a province number (099) that was never given out."""
    century = (birth_date.year // 100 - 19) * 2 + (sex is Sex.FEMALE)
    return f"099{century}{birth_date.year % 100:02d}{random.randrange(1_000_000):06d}"
