"""Whether the holder of a duty is on the distribution list of the document that imposes it."""

from collections.abc import Sequence

from domain.document import Recipient, RecipientPurpose
from domain.organization import plain_words


def is_addressed(
    recipients: Sequence[Recipient], *, code: str, name: str, body: str | None
) -> bool:
    """Whether a line of the list reaches a body, or an organization without one.

    A body is reached by a line that names it; an organization by a line with its name or code, or
    by one for action with the code of a level above (“các tổ chức cơ sở đảng”). A copy for the
    archive reaches nobody. Source: plan 100-KH/HU gives the Youth Union duties and no copy.
    """
    lines = [each for each in recipients if each.purpose is not RecipientPurpose.ARCHIVE]
    wanted = plain_words(name if body is None else body)
    if any(f"-{wanted}-" in f"-{plain_words(each.name)}-" for each in lines):
        return True
    if body is not None:
        return False
    return any(
        each.organization == code
        or (
            each.purpose is RecipientPurpose.ACTION
            and each.organization is not None
            and code.startswith(f"{each.organization}/")
        )
        for each in lines
    )
