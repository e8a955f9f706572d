"""Starts the server."""

import logging
import sys

import uvicorn
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings


def serve(host: str, port: int) -> None:
    """Reads DESCENT_* and serves until told to stop."""
    try:
        settings = Settings.from_environment()
    except ValidationError as error:
        first = error.errors()[0]
        sys.exit(f"DESCENT_{str(first['loc'][0]).upper()}: {first['msg']}, got {first['input']!r}")
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    print(f"Descent is at http://{host}:{port}", flush=True)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=settings.max_message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=64 << 10,
        limit_concurrency=2000,
    )
