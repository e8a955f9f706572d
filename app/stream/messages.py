"""What a client may say on a stream, besides commands."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    id: int | str | None = None


class Auth(_Message):
    """The right to steer; may come first, or at any time."""

    op: Literal["auth"]
    token: str = Field(max_length=200)


class Subscribe(_Message):
    """Which views, how often at most; `have` is the number of history rows the client has already."""

    op: Literal["subscribe"]
    views: dict[str, dict[str, Any]]
    max_fps: float = Field(30, gt=0, le=240)
    exact: bool = Field(False, description="float32 instead of quantised numbers")
    have: int = Field(0, ge=0, description="history rows the client has")


class Ack(_Message):
    """The client has drawn frame n; two may be unacknowledged."""

    op: Literal["ack"]
    frame: int = Field(ge=0)


STREAM_MESSAGES: dict[str, type[_Message]] = {"auth": Auth, "subscribe": Subscribe, "ack": Ack}
