"""The demo province (`nguon demo`): real organizations, synthetic people, lawful histories."""

from app.demo.play import Progress, Site, is_loaded, play
from app.demo.script import Parameters

__all__ = ["Parameters", "Progress", "Site", "is_loaded", "play"]
