"""Which body decides what in a case (domain sheet, B.2). Who sits in it is not known here."""

from enum import StrEnum

from domain.candidate import Cell
from domain.judgment import Judgment


class Matter(StrEnum):
    """What there is to decide on the way to admission."""

    LIST = "LIST"
    CLASS = "CLASS"
    START = "START"
    VETTING = "VETTING"
    PROPOSAL = "PROPOSAL"
    AGREEMENT = "AGREEMENT"
    ADMISSION = "ADMISSION"
    EXCEPTION = "EXCEPTION"


class DecidingBody(StrEnum):
    """Who decides."""

    CELL = "CELL"
    GRASSROOTS_COMMITTEE = "GRASSROOTS_COMMITTEE"
    SUPERIOR_STANDING_COMMITTEE = "SUPERIOR_STANDING_COMMITTEE"
    PROVINCIAL_STANDING_COMMITTEE = "PROVINCIAL_STANDING_COMMITTEE"


_OF_CELL = frozenset({Matter.START, Matter.PROPOSAL})
_OF_COMMITTEE = frozenset({Matter.LIST, Matter.CLASS, Matter.VETTING, Matter.AGREEMENT})


def deciding_body(cell: Cell, matter: Matter) -> DecidingBody:
    """Who decides a matter of a case that a cell handles, by what the cell is on the day.

    A grassroots cell has no committee of its own: what others' committees do, it does itself. A
    grassroots committee to which it is delegated decides admissions too. Source: domain sheet, B.2
    and K.6; 29-, 24-, 232-QĐ/TW, 4.3.2.
    """
    if matter in _OF_CELL or (matter in _OF_COMMITTEE and cell.grassroots):
        return DecidingBody.CELL
    if matter in _OF_COMMITTEE or (matter is Matter.ADMISSION and cell.delegated):
        return DecidingBody.GRASSROOTS_COMMITTEE
    if matter is Matter.ADMISSION:
        return DecidingBody.SUPERIOR_STANDING_COMMITTEE
    return DecidingBody.PROVINCIAL_STANDING_COMMITTEE


def require_committee(judged: Judgment, cell: Cell, matter: Matter) -> None:
    """Passes where a grassroots committee has the matter before it (G1)."""
    if cell.grassroots or deciding_body(cell, matter) is DecidingBody.CELL:
        judged.breach("G1", at="candidate")
