"""Starts the server."""

import contextlib
import logging
import os
import socket
import sqlite3
import sys

import uvicorn

from app.doctor import check_port
from app.main import create_app
from app.settings import Settings, wrong_in
from app.storage.schema import Newer, open_file


class Announced(uvicorn.Server):
    """Says where it is once it is there: not before the port is its own."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        port = self.servers[0].sockets[0].getsockname()[1]  # port 0 has become one that was free
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        print(f"Descent is at http://{host}:{port}", flush=True)


def serve(host: str, port: int) -> None:
    """Reads DESCENT_* and serves until told to stop."""
    if wrong := wrong_in(os.environ):
        sys.exit(wrong)
    settings = Settings.from_environment()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if port and (found := check_port(host, port)).verdict == "wrong":
        sys.exit(found.text)
    try:  # before anybody is told that the server is there
        open_file(settings.storage_path).close()
    except (Newer, sqlite3.Error, OSError) as error:
        sys.exit(f"storage: {settings.storage_path}: {error}; DESCENT_STORAGE_PATH names another file")
    config = uvicorn.Config(
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
    with contextlib.suppress(KeyboardInterrupt):
        Announced(config).run()
