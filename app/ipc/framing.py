"""Messages between the web process and a host: a length, a JSON head and raw bytes. Nothing is ever unpickled."""

import select
import socket
import struct
from asyncio import StreamReader
from typing import Any

import orjson

HEAD = struct.Struct("<II")
Message = tuple[dict[str, Any], bytes]


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    text = orjson.dumps(head, option=orjson.OPT_SERIALIZE_NUMPY)
    return HEAD.pack(len(text), len(body)) + text + body


async def read(reader: StreamReader) -> Message:
    """The next message; asyncio.IncompleteReadError at the end of the stream."""
    head_size, body_size = HEAD.unpack(await reader.readexactly(HEAD.size))
    head = orjson.loads(await reader.readexactly(head_size))
    return head, await reader.readexactly(body_size)


class BlockingWire:
    """The host's end: `receive` waits at most so long and returns what has come; `send` writes all."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._pending = bytearray()
        self.closed = False

    def receive(self, timeout: float | None) -> list[Message]:
        ready, _, _ = select.select([self.sock], [], [], timeout)
        if ready:
            part = self.sock.recv(1 << 20)
            if not part:
                self.closed = True
            self._pending += part
        messages = []
        while len(self._pending) >= HEAD.size:
            head_size, body_size = HEAD.unpack_from(self._pending)
            end = HEAD.size + head_size + body_size
            if len(self._pending) < end:
                break
            head = orjson.loads(self._pending[HEAD.size : HEAD.size + head_size])
            messages.append((head, bytes(self._pending[HEAD.size + head_size : end])))
            del self._pending[:end]
        return messages

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        self.sock.sendall(pack(head, body))
