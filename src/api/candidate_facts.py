"""The facts of a case as GraphQL types. Which facts there are is decided in `domain.case`."""

from datetime import date

import strawberry

from api.scalars import DecidingBody, VettingConclusion
from domain.case import Case, Stage
from domain.record import Entry


@strawberry.type
class Certificate:
    number: str
    grade: str | None
    issued_on: date
    valid_until: date


@strawberry.type(description="A certificate that does not hold any more.")
class RevokedCertificate:
    number: str
    revoked_on: date
    document_number: str
    reason: str | None


@strawberry.type
class Vetting:
    concluded_on: date
    conclusion: VettingConclusion
    document_number: str | None


@strawberry.type(description="A condition of the tenant's own that is met, and its document.")
class AttestedCondition:
    condition: str
    document_number: str


@strawberry.type
class CellVote:
    held_on: date
    official_members: int
    in_favor: int
    passed: bool
    resolution_number: str | None


@strawberry.type
class Decision:
    decided_on: date
    number: str
    consent_number: str | None
    decided_by: DecidingBody
    authorization_number: str | None
    committee_members: int | None
    committee_in_favor: int | None


@strawberry.type
class Recognition:
    decided_on: date
    decision_number: str
    member_from: date


@strawberry.type(
    description="The dates of a case's facts as they stand on the asked day; null where there "
    "is none."
)
class CandidateDates:
    identified_on: date | None
    listed_on: date | None
    list_confirmed_on: date | None
    removed_on: date | None
    helper_assigned_on: date | None
    certified_on: date | None
    dossier_opened_on: date | None
    vetted_on: date | None
    voted_on: date | None
    submitted_on: date | None
    decided_on: date | None
    ceremony_on: date | None
    probation_ends_on: date | None
    recognized_on: date | None
    member_from: date | None


def _is_removed(case: Case) -> bool:
    return case.ended is not None and case.ended.OUTCOME is Stage.REMOVED


def dates(case: Case) -> CandidateDates:
    """The days of the facts that are there."""
    return CandidateDates(
        identified_on=_day(case.identified),
        listed_on=_day(case.listed),
        list_confirmed_on=_day(case.confirmed),
        removed_on=_day(case.ended if _is_removed(case) else None),
        helper_assigned_on=_day(case.helper),
        certified_on=_day(case.certificate),
        dossier_opened_on=_day(case.dossier),
        vetted_on=_day(case.vetting),
        voted_on=_day(case.vote),
        submitted_on=_day(case.submitted),
        decided_on=_day(case.decided),
        ceremony_on=_day(case.ceremony),
        probation_ends_on=case.ceremony.probation_ends_on if case.ceremony else None,
        recognized_on=_day(case.recognized),
        member_from=case.recognized.member_from if case.recognized else None,
    )


def _day(fact: Entry | None) -> date | None:
    return fact.effective_on if fact is not None else None


def certificate(case: Case) -> Certificate | None:
    """The last certificate."""
    fact = case.certificate
    if fact is None:
        return None
    return Certificate(
        number=fact.number,
        grade=fact.grade,
        issued_on=fact.effective_on,
        valid_until=fact.valid_until,
    )


def revoked_certificates(case: Case) -> list[RevokedCertificate]:
    """The certificates that were revoked, first revoked first."""
    return [
        RevokedCertificate(
            number=fact.number,
            revoked_on=fact.effective_on,
            document_number=fact.document_number,
            reason=fact.reason,
        )
        for fact in case.revoked
    ]


def vetting(case: Case) -> Vetting | None:
    """The last conclusion."""
    fact = case.vetting
    if fact is None:
        return None
    return Vetting(
        concluded_on=fact.effective_on,
        conclusion=fact.conclusion,
        document_number=fact.document_number,
    )


def votes(case: Case) -> list[CellVote]:
    """All votes, the one that counts last."""
    return [
        CellVote(
            held_on=vote.effective_on,
            official_members=vote.official_members,
            in_favor=vote.in_favor,
            passed=vote.passed,
            resolution_number=vote.resolution_number,
        )
        for vote in case.votes
    ]


def attested(case: Case) -> list[AttestedCondition]:
    """The tenant's own conditions that are met, by code."""
    return [
        AttestedCondition(condition=code, document_number=number)
        for code, number in sorted(case.attested.items())
    ]


def decision(case: Case) -> Decision | None:
    """The decision to admit."""
    fact = case.decided
    if fact is None:
        return None
    return Decision(
        decided_on=fact.effective_on,
        number=fact.decision_number,
        consent_number=fact.consent_number,
        decided_by=fact.decided_by,
        authorization_number=fact.authorization_number,
        committee_members=fact.committee_members,
        committee_in_favor=fact.committee_in_favor,
    )


def recognition(case: Case) -> Recognition | None:
    """The decision that recognizes a full member."""
    fact = case.recognized
    if fact is None:
        return None
    return Recognition(
        decided_on=fact.effective_on,
        decision_number=fact.decision_number,
        member_from=fact.member_from,
    )
