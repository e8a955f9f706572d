"""Which language a visitor reads: what the address asks for, else what the browser prefers (RFC 9110, 12.5.4)."""

import re

RANGE = re.compile(r"\s*([a-zA-Z]{1,8}|\*)((?:-[a-zA-Z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


def preferred(accepted: str, known: tuple[str, ...]) -> str:
    """The language of `known` that a header Accept-Language asks for most; the first of them if for none.

    Of equal weights the one that is named first; a weight of 0 refuses; * is any that is not named.
    """
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        found = RANGE.fullmatch(part)
        if found:
            tag, _, weight = found.groups()
            weights[tag.lower()] = max(weights.get(tag.lower(), 0.0), float(weight or 1))
    order = [*weights]
    rest = weights.get("*", 0.0)
    place = {tag: order.index(tag) if tag in weights else len(order) for tag in known}
    best = max(known, key=lambda tag: (weights.get(tag, rest), -place[tag], -known.index(tag)))
    return best if weights.get(best, rest) > 0 else known[0]
