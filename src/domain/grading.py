"""What came of a class: graded assessments, retakes, certificates, and the figures of it all.

An end-of-course check is genuine when it has a score that can be failed, not when people attended.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.attendance import OfPeople, StandsOnOpening
from domain.candidate import Candidate
from domain.certificate import no_certificate
from domain.course import Course, CourseOpened, require_score
from domain.enrollment import call_up_list, enrolled, not_enrolled, sessions
from domain.errors import Conflict, InvalidInput
from domain.judgment import Day, out_of_range
from domain.personal import SEALED
from domain.places import AS_NAMED, Paths, path_of
from domain.record import Entry, optional_words, require_words
from domain.text import Text


class AssessmentForm(StrEnum):
    """How people are assessed at the end of the class."""

    TEST = "TEST"
    ESSAY = "ESSAY"


class Grade(StrEnum):
    """The grade on the certificate, best first."""

    EXCELLENT = "EXCELLENT"
    VERY_GOOD = "VERY_GOOD"
    GOOD = "GOOD"
    AVERAGE = "AVERAGE"

    @property
    def words(self) -> str:
        """As the certificate says it."""
        return _GRADES[self]


_GRADES = {
    Grade.EXCELLENT: "Xuất sắc",
    Grade.VERY_GOOD: "Giỏi",
    Grade.GOOD: "Khá",
    Grade.AVERAGE: "Trung bình",
}


class ResultRecorded(OfPeople, StandsOnOpening):
    """A person was assessed; who passed got a certificate of the entry's day.

    `groups` are the person's on that day. The certificate of a candidate is an event of that
    person's own record too, and is corrected there.
    """

    TOPIC = "course.result_recorded"
    candidate: UUID
    groups: tuple[str, ...]
    assessed_on: date
    form: AssessmentForm
    score: float
    passed: bool
    grade: Grade | None
    certificate_number: str | None
    signer_position: str | None
    signer_name: Annotated[str | None, SEALED]

    def attending(self) -> Collection[UUID]:
        """The one who was assessed."""
        return (self.candidate,)


class CertificateRevoked(Entry):
    """A certificate of the class is not valid any more."""

    TOPIC = "course.certificate_revoked"
    candidate: UUID
    document_number: str
    reason: Annotated[str, SEALED]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a class, or of a part of its people. Each person counts by the last result.

    `retakes` are assessments after a failed one; `spread` has every grade, best first.
    """

    proposed: int
    enrolled: int
    attended: int
    passed: int
    failed: int
    retakes: int
    revoked: int
    spread: tuple[tuple[Grade, int], ...]
    mean_score: float | None


def results(course: Course, on: date | None = None) -> dict[UUID, list[ResultRecorded]]:
    """The results of each person as of a day, the last one last."""
    found: dict[UUID, list[ResultRecorded]] = {}
    for entry in course.live(on):
        if isinstance(entry, ResultRecorded):
            found.setdefault(entry.candidate, []).append(entry)
    return found


def revocations(course: Course, on: date | None = None) -> dict[UUID, CertificateRevoked]:
    """Whose certificate is revoked as of a day."""
    return {e.candidate: e for e in course.live(on) if isinstance(e, CertificateRevoked)}


def passed(course: Course, candidate: UUID, on: date | None = None) -> ResultRecorded | None:
    """The result with which a person passed the class as of a day, unless it is revoked.

    What other records ask: whether a new member has completed the class.
    """
    held = results(course, on).get(candidate, [])
    if not held or not held[-1].passed or candidate in revocations(course, on):
        return None
    return held[-1]


def record_result(
    course: Course,
    day: Day,
    *,
    candidate: UUID,
    groups: tuple[str, ...],
    assessed_on: date,
    form: AssessmentForm,
    score: float,
    grade: Grade | None = None,
    certificate_number: str | None = None,
    signer_position: str | None = None,
    signer_name: str | None = None,
) -> ResultRecorded:
    """Record how an enrolled person who was present did; after a failure that is a retake.

    Who reaches the pass score gets a grade and a certificate of the day, nobody else does. Raises
    InvalidInput, and Conflict for somebody who has passed.
    """
    opened = _require_ready(course, day, candidate, assessed_on)
    has_passed = require_score("score", score) >= opened.pass_score
    _require_certificate(
        course, (grade, certificate_number, signer_position), has_passed=has_passed
    )
    course.enter(
        ResultRecorded,
        day.on,
        candidate=candidate,
        groups=groups,
        assessed_on=assessed_on,
        form=form,
        score=score,
        passed=has_passed,
        grade=grade,
        certificate_number=optional_words("certificateNumber", certificate_number, 100),
        signer_position=optional_words("signerPosition", signer_position),
        signer_name=optional_words("signerName", signer_name),
    )
    recorded = course.entries[-1]
    assert isinstance(recorded, ResultRecorded)
    return recorded


def revoke_certificate(
    course: Course,
    day: Day,
    *,
    candidate: Annotated[UUID, Candidate],
    document_number: str,
    reason: str,
) -> None:
    """Revoke the certificate of the class, by a document and with the reason."""
    if passed(course, candidate, day.on) is None:
        raise no_certificate("candidate")
    course.enter(
        CertificateRevoked,
        day.on,
        candidate=candidate,
        document_number=require_words("documentNumber", document_number, 100),
        reason=require_words("reason", reason, 2000),
    )


def figures(
    course: Course,
    on: date | None = None,
    *,
    groups: frozenset[str] = frozenset(),
    unit: str | None = None,
    paths: Paths = AS_NAMED,
) -> Figures:
    """The figures of a class as of a day, of the people who are in all `groups` and of `unit`.

    `paths` say where the people's units stand.
    """
    chosen = {
        person
        for person, at in units_of(course, on, groups).items()
        if unit is None or unit in {*path_of(at, paths), *path_of(at, AS_NAMED)}
    }
    return figures_of(course, chosen, on)


def units_of(
    course: Course, on: date | None = None, groups: frozenset[str] = frozenset()
) -> dict[UUID, str]:
    """Who is on the call-up list and in all `groups`, and of which unit, by its code.

    Groups are those of the day of the last result, before it those of the proposal.
    """
    graded = results(course, on)
    return {
        person: line.unit
        for person, line in call_up_list(course, on).items()
        if groups <= set(graded[person][-1].groups if person in graded else line.groups)
    }


def figures_of(course: Course, chosen: Collection[UUID], on: date | None = None) -> Figures:
    """The figures of a class as of a day, of some people of its call-up list."""
    graded = results(course, on)
    attending = enrolled(course, on).intersection(chosen)
    present = {person for held in sessions(course, on) for person in held.present}
    last = [held[-1] for person, held in graded.items() if person in attending]
    spread = Counter(held.grade for held in last if held.passed)
    return Figures(
        proposed=len(chosen),
        enrolled=len(attending),
        attended=len(attending & present),
        passed=sum(held.passed for held in last),
        failed=sum(not held.passed for held in last),
        retakes=sum(len(graded[held.candidate]) - 1 for held in last),
        revoked=len(attending & revocations(course, on).keys()),
        spread=tuple((grade, spread[grade]) for grade in Grade),
        mean_score=round(sum(held.score for held in last) / len(last), 2) if last else None,
    )


def _require_ready(course: Course, day: Day, candidate: UUID, assessed_on: date) -> CourseOpened:
    opened = course.require_opened(day)
    if candidate not in enrolled(course, day.on):
        raise not_enrolled("candidate")
    if not opened.starts_on <= assessed_on <= day.on:
        raise out_of_range("assessedOn", opened.starts_on, day.on)
    if not any(candidate in held.present for held in sessions(course, assessed_on)):
        raise InvalidInput(
            "NOT_ATTENDED",
            Text("Không dự buổi nào của lớp.", "The person was at no session."),
            field="candidate",
        )
    if any(held.passed for held in results(course).get(candidate, [])):
        raise Conflict(
            "ALREADY_PASSED",
            Text("Đã đạt yêu cầu của lớp.", "The person has passed already."),
            field="candidate",
        )
    return opened


def _require_certificate(
    course: Course, given: tuple[object, str | None, object], *, has_passed: bool
) -> None:
    """Raises InvalidInput unless grade, certificate and signer are there exactly for who passed."""
    if any((value is not None) is not has_passed for value in given):
        raise InvalidInput(
            "CERTIFICATE_DOES_NOT_FIT",
            Text(
                "Người đạt phải có xếp loại, số giấy chứng nhận và chức vụ người ký; người không "
                "đạt thì không.",
                "Who passed needs a grade, a certificate number and the signer's position; who "
                "failed has none.",
            ),
            field="certificateNumber",
        )
    numbers = {h.certificate_number for held in results(course).values() for h in held}
    if has_passed and given[1] in numbers:
        raise Conflict(
            "CERTIFICATE_NUMBER_TAKEN",
            Text(f"Số “{given[1]}” đã cấp.", f"The number “{given[1]}” is taken."),
            field="certificateNumber",
        )
