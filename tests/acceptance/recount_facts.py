"""The facts of a case that limits in time are counted from, by its events alone.

Imports nothing of the product.
"""

from dataclasses import dataclass, field
from datetime import date

from tests.acceptance.recount import ENDINGS, Event

GONE = {"person_died", "struck_off", "handed_over", "merged"}
"""After which nobody works on a case any more."""


@dataclass
class Facts:
    """What stands of a case on a day, the last event of each type by its name."""

    last: dict[str, Event] = field(default_factory=dict)
    certificates: list[Event] = field(default_factory=list)
    introductions: list[Event] = field(default_factory=list)
    opinions: dict[str, Event] = field(default_factory=dict)
    vetting: list[Event] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """What an event says, and what it makes forgotten."""
        name = event["type"].removeprefix("candidate.")
        if name in ENDINGS or name == "readmission_opened":
            self._end(again=name == "readmission_opened")
        match name:
            case "sympathizer_listed":
                self._forget(*ENDINGS)
            case "certificate_issued" | "class_not_passed":
                self._forget("class_proposed", "class_agreed", "class_enrolled")
            case "dossier_returned":
                votes = ["cell_vote_held"] if event["data"]["to"] == "CELL" else []
                self._forget("decision_term_extended", "dossier_submitted", *votes)
            case "recognition_refused":
                self._forget("recognition_vote_held")
            case "taken_back":
                self._forget("handed_over")
            case "vetting_concluded" | "vetting_requested" | "vetting_reopened":
                self._forget("vetting_concluded", "vetting_reopened")
            case _:
                pass
        self.last[name] = event
        self._list(name, event)

    def _list(self, name: str, event: Event) -> None:
        data = event["data"]
        match name:
            case "certificate_issued":
                self.certificates.append(event)
            case "certificate_revoked":
                kept = [e for e in self.certificates if e["data"]["number"] != data["number"]]
                self.certificates = kept
            case "introduction_given":
                self.introductions.append(event)
            case "opinions_collected":
                self.opinions[data["source"]] = event
            case "vetting_requested" | "vetting_reply_received":
                self.vetting.append(event)
            case _:
                pass

    def on(self, name: str) -> date | None:
        """The day of the last event of a type that stands."""
        return date.fromisoformat(self.last[name]["effectiveOn"]) if name in self.last else None

    def _end(self, *, again: bool) -> None:
        """The pursuit is over; before a new one of a former member so is the membership."""
        kept = {"identified", *GONE}
        if not again:
            kept |= {"ceremony_held", "full_member_recognized", "struck_off"}
        else:
            kept -= {"struck_off"}
        self.last = {name: event for name, event in self.last.items() if name in kept}
        self.introductions, self.opinions, self.vetting = [], {}, []

    def _forget(self, *names: str) -> None:
        for name in names:
            self.last.pop(name, None)
