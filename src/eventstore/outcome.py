"""What a verdict of the log means to a command: a result, or a refusal that says why."""

from collections.abc import Collection

from commands.ports import Recorded
from domain.errors import Conflict, VersionConflict
from domain.record import Record
from domain.text import Text
from eventstore.append import NewEvent, Status, Verdict
from eventstore.tenant_keys import KeysUnavailable


def recorded(
    tenant_id: int, verdict: Verdict, records: Collection[Record], events: Collection[NewEvent]
) -> Recorded:
    match verdict.status:
        case Status.RECORDED | Status.REPEATED:
            return Recorded(
                tenant_id,
                verdict.subject,
                verdict.first_position,
                verdict.last_position,
                repeated=verdict.status is Status.REPEATED,
            )
        case Status.TAKEN:
            said = next(each for each in records if each.exclusive() - each.held).held_elsewhere
            raise Conflict(said.code, said.text, field=said.field)
        case Status.REUSED:
            raise reused()
        case _:
            raise conflict(records, events)


def erased() -> Conflict:
    return Conflict(
        "PERSONAL_DATA_ERASED",
        Text(
            "Dữ liệu cá nhân của hồ sơ này đã bị xóa; không thể ghi thêm.",
            "The personal data of this case is erased; nothing more can be recorded.",
        ),
        field="candidate",
    )


def conflict(records: Collection[Record], events: Collection[NewEvent]) -> Exception:
    """A new record that is there already will never succeed; anything else is worth another try."""
    for record in records:
        if any(event.version == 1 and event.stream_id == record.id for event in events):
            return Conflict(record.taken.code, record.taken.text, field=record.taken.field)
    return VersionConflict()


def reused() -> Conflict:
    return Conflict(
        "COMMAND_ID_REUSED",
        Text(
            "Mã lệnh (commandId) này đã dùng cho nội dung khác.",
            "This commandId was used with another input.",
        ),
        field="commandId",
    )


def wrong_key(tenant_id: int, version: int) -> KeysUnavailable:
    return KeysUnavailable(
        f"Key {version} of tenant {tenant_id} does not open what this database "
        f"holds: the place of the keys belongs to another one."
    )


def older_than_keys(tenant_id: int, version: int) -> KeysUnavailable:
    return KeysUnavailable(
        f"Key {version} of tenant {tenant_id} is destroyed, but the log goes by it: the database "
        f"is older than its last erasure. Restore the current keys with `nguon keys import`."
    )
