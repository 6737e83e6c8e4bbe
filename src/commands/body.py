"""Commands about bodies of committees."""

from typing import Final

from commands.step import Creation, Step
from domain import body
from domain.access import Action
from domain.body import Body

establish_body: Final = Creation(
    "establish_body", Action.ORGANIZE, Body, body.establish_body, body.BodyEstablished
)
rename_body: Final = Step("rename_body", Action.ORGANIZE, Body, body.rename_body, body.BodyRenamed)
end_body: Final = Step("end_body", Action.ORGANIZE, Body, body.end_body, body.BodyEnded)
