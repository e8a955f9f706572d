"""`descent` / `python -m app`: starts the server."""

import argparse
import logging
import os
import sys

import uvicorn
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings


def main() -> None:
    """Reads HOST, PORT and DESCENT_* and serves until told to stop."""
    parser = argparse.ArgumentParser(prog="descent", description="Serve Descent, the neural-network playground.")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment()
    except ValidationError as error:
        first = error.errors()[0]
        sys.exit(f"DESCENT_{str(first['loc'][0]).upper()}: {first['msg']}, got {first['input']!r}")
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    print(f"Descent is at http://{arguments.host}:{arguments.port}", flush=True)
    uvicorn.run(
        create_app(settings),
        host=arguments.host,
        port=arguments.port,
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
