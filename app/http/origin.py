"""Who may connect: our own pages, and the origins that the settings name. Programs send no Origin."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.settings import Settings


def origin_allowed(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether a request's Origin (or Sec-Fetch-Site) is ours or a named one."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    named = [o.strip() for o in settings.allowed_origins.split(",") if o.strip()]
    return origin in named or urlsplit(origin).netloc == headers.get("host", "")


def bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header, or None."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def host_allowed(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether the Host header is one that is answered."""
    named = [h.strip() for h in settings.allowed_hosts.split(",") if h.strip()]
    host = headers.get("host", "").rsplit(":", 1)[0]
    return "*" in named or host in named
