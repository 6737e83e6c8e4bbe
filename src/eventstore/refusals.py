"""What `Records` says to whoever cannot load or save."""

from domain.candidate import Candidate
from domain.errors import Conflict, NotFound
from domain.record import Record
from domain.text import Text
from eventstore.stored_event import StoredEvent
from eventstore.tenant_keys import KeysUnavailable


def wrong_key(stored: StoredEvent) -> KeysUnavailable:
    return KeysUnavailable(
        f"Key {stored.key_version} of tenant {stored.tenant_id} does not open what this database "
        f"holds: the place of the keys belongs to another one."
    )


def erased() -> Conflict:
    return Conflict(
        "PERSONAL_DATA_ERASED",
        Text(
            "Dữ liệu cá nhân của hồ sơ này đã bị xóa; không thể ghi thêm.",
            "The personal data of this case is erased; nothing more can be recorded.",
        ),
        field="candidate",
    )


def reused() -> Conflict:
    return Conflict(
        "COMMAND_ID_REUSED",
        Text(
            "Mã lệnh (commandId) này đã dùng cho nội dung khác.",
            "This commandId was used with another input.",
        ),
        field="commandId",
    )


def not_found(aggregate: type[Record]) -> NotFound:
    if aggregate is Candidate:
        return NotFound(
            "CANDIDATE_NOT_FOUND",
            Text("Không tìm thấy hồ sơ quần chúng.", "There is no such candidate."),
            field="candidate",
        )
    name = aggregate.__name__
    return NotFound(
        f"{name.upper()}_NOT_FOUND",
        Text("Không tìm thấy.", f"There is no such {name.lower()}."),
        field=name.lower(),
    )
