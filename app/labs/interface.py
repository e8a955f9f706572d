"""The interface's own texts, as the page has them, for what else has to say them: static/text/LANGUAGE.js."""

import json
import re
from functools import lru_cache

from app.places import STATIC

FOLDER = STATIC / "text"
ENTRY = re.compile(r'^  (\w+):\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)


@lru_cache(maxsize=8)
def interface(language: str) -> dict[str, str]:
    """Texts by key."""
    return {key: json.loads(text) for key, text in ENTRY.findall((FOLDER / f"{language}.js").read_text("utf-8"))}
