"""A sentence for people in both languages.

Not a translation framework: the two stand side by side where they are said.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Vietnamese and English; neither contains personal data."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The English sentence for `en`, the Vietnamese one for every other language."""
        return self.en if language == "en" else self.vi

    def filled(self, values: dict[str, object]) -> "Text":
        """The same sentence with its `{placeholders}` replaced."""
        return Text(self.vi.format_map(values), self.en.format_map(values))
