"""The log itself as a subject: when a new epoch of it began, and why. Not what it holds."""

from datetime import date
from typing import ClassVar, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.organization import organization_id
from domain.record import CreatedEntry, Record, Taken, require_words
from domain.text import Text

_NAMESPACE = uuid5(NAMESPACE_URL, "nguon:log")


class EpochStarted(CreatedEntry):
    """What is signed from here on belongs to a new epoch of the log, numbered from 2.

    The log may differ from what was signed in the epoch before, up to `signedSize` events with the
    root `signedRoot` (base64): it was restored, or its memory of what it signed was lost.
    """

    TOPIC = "log.epoch_started"
    epoch: int
    reason: str
    signed_size: int | None
    signed_root: str | None


class Log(Record):
    """The epochs of one tenant's log, but for the first, which begins with the log."""

    taken: ClassVar[Taken] = Taken(
        "EPOCH_ALREADY_STARTED",
        Text("Kỷ nguyên mới của nhật ký đã bắt đầu.", "Another epoch of the log has just begun."),
        "epoch",
    )

    @classmethod
    def start_second(
        cls, code: str, epoch: int, *, on: date, reason: str, signed: tuple[int, str] | None
    ) -> Self:
        """The first epoch to begin after the log's own beginning; `code` is the tenant's.

        `signed` is the last size and root signed before, if they are known. Raises InvalidInput.
        """
        return cls._create(
            EpochStarted,
            id=log_id(code),
            effective_on=on,
            organization_id=organization_id(code),
            **_statement(epoch, reason, signed),
        )

    def start(self, epoch: int, *, on: date, reason: str, signed: tuple[int, str] | None) -> None:
        """One more epoch. Raises InvalidInput."""
        last = self.entries[-1]
        assert isinstance(last, EpochStarted)
        assert epoch > last.epoch
        self.trigger_event(
            EpochStarted,
            originator_topic=last.originator_topic,
            effective_on=on,
            organization_id=last.organization_id,
            **_statement(epoch, reason, signed),
        )


def log_id(code: str) -> UUID:
    """The identity of a tenant's log, whose stream tells of its epochs."""
    return uuid5(_NAMESPACE, code)


def _statement(epoch: int, reason: str, signed: tuple[int, str] | None) -> dict[str, object]:
    size, root = signed or (None, None)
    return {
        "epoch": epoch,
        "reason": require_words("reason", reason, 2000),
        "signed_size": size,
        "signed_root": root,
    }
