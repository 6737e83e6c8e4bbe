"""The entrances to every kind of record that is listed by organization."""

from typing import Final

import strawberry

from api import activity as activities_
from api import course as courses_
from api import defect as defects_
from api import docket as dockets_
from api import document as documents_
from api import guidance as guidance_
from api import meeting as meetings_
from api import obligation as obligations_
from api import reaction as reactions_
from api import schedule as schedules_
from api.record import Listed, list_field
from domain.activity import Activity, ActivityKind
from domain.course import Course
from domain.defect import Defect
from domain.docket import Docket
from domain.document import Document, DocumentKind
from domain.guidance import Guidance
from domain.meeting import Meeting, MeetingKind
from domain.obligation import Obligation
from domain.reaction import Reaction, ReactionKind
from domain.schedule import CourseKind, Schedule

LISTS: Final = {
    "documents": Listed(
        Document,
        documents_.Document,
        documents_.show,
        "The documents of an organization's register and of all below it, newest first.",
        DocumentKind,
    ),
    "activities": Listed(
        Activity,
        activities_.Activity,
        activities_.show,
        "What an organization and all below it did, newest first.",
        ActivityKind,
    ),
    "defects": Listed(
        Defect,
        defects_.Defect,
        defects_.show,
        "The defects found at an organization and all below it, newest first.",
    ),
    "guidance": Listed(
        Guidance,
        guidance_.Guidance,
        guidance_.show,
        "What an organization and all below it asked the boards above, newest first.",
    ),
    "reactions": Listed(
        Reaction,
        reactions_.Reaction,
        reactions_.show,
        "Commendation, reward, criticism, rectification and ranking, newest first.",
        ReactionKind,
    ),
    "obligations": Listed(
        Obligation,
        obligations_.Obligation,
        obligations_.show,
        "The duties that an organization and all below it were given, newest first.",
    ),
    "schedules": Listed(
        Schedule,
        schedules_.Schedule,
        schedules_.show,
        "The classes that an organization and all below it plan for their years.",
    ),
    "courses": Listed(
        Course,
        courses_.Course,
        courses_.show,
        "The classes of an organization and all below it, newest first.",
        CourseKind,
    ),
    "meetings": Listed(
        Meeting,
        meetings_.Meeting,
        meetings_.show,
        "The meetings of an organization and all below it, newest first.",
        MeetingKind,
    ),
    "dockets": Listed(
        Docket,
        dockets_.Docket,
        dockets_.show,
        "The dossiers laid before the conferences of an organization, newest first.",
    ),
}
BY_KIND: Final = {listed.record.__name__: listed for listed in LISTS.values()}
"""How a record is opened by its id."""
RecordQuery = strawberry.type(
    type("RecordQuery", (), {name: list_field(listed) for name, listed in LISTS.items()})
)
