"""The events that cannot be corrected, and what is done instead.

Every other event can be voided by `correctEvent`, alone or with what was true instead. What voids
another event is not voided in its turn: what was right is recorded anew (ADR 3).
"""

from typing import Final

from domain import (
    closing,
    erasure,
    identity,
    log,
    merging,
    organization_entry,
    placement,
    projection,
    reorganization_entry,
    rulebook,
    sitting,
    transfer,
)
from domain.record import Entry, Voided
from domain.text import Text

_OF_PLAN: Final = Text(
    "Hãy điều chỉnh phương án chưa thực hiện, hoặc thu hồi phương án đã thực hiện.",
    "Revise a plan that is not carried out, or reverse one that is.",
)
_OF_CLOSING: Final = Text(
    "Hãy mở lại số liệu đã chốt rồi chốt lại.", "Reopen the figures, then close them again."
)
_OF_PASSAGE: Final = Text(
    "Việc chuyển có hai bên; hãy trả lại hồ sơ, hoặc chuyển về.",
    "A hand-over has two sides: turn it back, or hand the case over again.",
)
_OF_MERGE: Final = Text(
    "Việc gộp đã vào số liệu của cả hai hồ sơ; hãy ghi điều đúng vào hồ sơ còn lại.",
    "A merge counts in two records: record what is true of the one that goes on.",
)
_OF_RULES: Final = Text(
    "Hãy ban hành quy định khác từ một ngày; quy định cũ vẫn áp dụng cho thời gian trước đó.",
    "Adopt another rule from a day on; what was judged by the old one stays judged so.",
)
_OF_REGISTER: Final = Text(
    "Sổ định danh tự theo hồ sơ; hãy đính chính số định danh trong hồ sơ.",
    "The register follows the cases: correct the identity number of the case.",
)
_INSTEAD: Final[dict[type[Entry], Text]] = {
    organization_entry.Established: Text(
        "Mã của tổ chức đã được dùng; hãy giải thể, hợp nhất hoặc đổi tên.",
        "Its code is in use everywhere: dissolve, merge or rename the organization.",
    ),
    **dict.fromkeys(
        (
            reorganization_entry.ReorganizationDrafted,
            reorganization_entry.ReorganizationRevised,
            reorganization_entry.ReorganizationDecided,
            reorganization_entry.ReorganizationAdvanced,
            reorganization_entry.ReorganizationReversalDecided,
            reorganization_entry.ReorganizationExecuted,
            reorganization_entry.ReorganizationReversed,
        ),
        _OF_PLAN,
    ),
    **dict.fromkeys(
        (closing.FiguresClosed, closing.FiguresSubmitted, closing.FiguresReopened), _OF_CLOSING
    ),
    **dict.fromkeys(
        (
            placement.HandedOver,
            placement.TakenBack,
            placement.Received,
            transfer.TransferDecided,
            transfer.TransferDeparted,
            transfer.TransferAccepted,
            transfer.TransferTurnedBack,
            transfer.TransferCompleted,
        ),
        _OF_PASSAGE,
    ),
    **dict.fromkeys((merging.Merged, merging.FactsAdopted), _OF_MERGE),
    erasure.PersonalDataErased: Text(
        "Khóa đã bị hủy, không ai khôi phục được.",
        "The key is destroyed; nobody can bring the data back.",
    ),
    sitting.ItemTaken: Text(
        "Hãy đính chính bước tương ứng trong hồ sơ của người đó; biên bản theo bước ấy.",
        "Correct the step in the person's case; the minutes follow it.",
    ),
    **dict.fromkeys(
        (
            identity.IdentityReserved,
            identity.IdentityPassed,
            identity.IdentityReleased,
            identity.IdentityMatched,
            identity.IdentityMatchRead,
        ),
        _OF_REGISTER,
    ),
    **dict.fromkeys(
        (rulebook.RulebookAdopted, rulebook.RuleTightened, rulebook.ConditionAdded), _OF_RULES
    ),
    log.EpochStarted: Text(
        "Kỷ nguyên là việc của hệ thống; hãy mở kỷ nguyên khác.",
        "An epoch is the operator's matter: start another one.",
    ),
    projection.EventSkipped: Text(
        "Sự kiện đã bỏ qua thì không tính lại; hãy ghi lại điều đúng.",
        "What was skipped stays so: record anew what is right.",
    ),
    projection.DifferenceSignedOff: Text(
        "Hãy tính lại (nguon rebuild) rồi phê duyệt lần nữa.",
        "Fold the rows anew (nguon rebuild) and sign off once more.",
    ),
}
_OF_CORRECTION: Final = Text(
    "Bản thân việc đính chính không hủy được; hãy ghi lại điều đúng.",
    "A correction itself is not voided: record anew what is right.",
)


def instead_of(kind: type[Entry]) -> Text | None:
    """What to do instead of correcting an event of a kind; None for one that can be corrected."""
    return _OF_CORRECTION if issubclass(kind, Voided) else _INSTEAD.get(kind)
