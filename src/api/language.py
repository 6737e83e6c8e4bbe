"""The language of a sentence for people: Vietnamese unless English is preferred."""


def preferred(accept_language: str | None) -> str:
    """`en` or `vi` by an Accept-Language value.

    Weights are respected, everything else is Vietnamese.
    """
    best, best_weight = "vi", 0.0
    for choice in (accept_language or "")[:500].split(","):
        tag, _, parameters = choice.strip().partition(";")
        language = tag.strip().casefold().partition("-")[0]
        weight = _weight(parameters)
        if language in ("vi", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
