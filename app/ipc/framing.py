"""Messages as bytes: a length, then MessagePack. Nothing is unpickled; each end decodes once, into typed structs."""

import select
import socket
import struct
from asyncio import StreamReader
from typing import Any

import numpy as np
from msgspec import Struct, msgpack

from app.ipc.messages import Asked, Told

LENGTH = struct.Struct("<I")


def _plain(value: object) -> Any:
    """NumPy's numbers as Python's."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"a message holds a {type(value).__name__}")


_encoder = msgpack.Encoder(enc_hook=_plain)
_asked = msgpack.Decoder(Asked)
_told = msgpack.Decoder(Told)


def pack(message: Struct) -> bytes:
    """A message with its length in front. What does not fit into one (a number of more than 64 bits) raises."""
    out = bytearray(LENGTH.size)
    _encoder.encode_into(message, out, LENGTH.size)
    LENGTH.pack_into(out, 0, len(out) - LENGTH.size)
    return bytes(out)


async def read(reader: StreamReader) -> Told:
    """The worker's next message; asyncio.IncompleteReadError at the end of the stream."""
    (size,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    return _told.decode(await reader.readexactly(size))


class BlockingWire:
    """The worker's end: `receive` waits at most so long and returns what has come; `send` writes all."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._pending = bytearray()
        self.closed = False

    def receive(self, timeout: float | None) -> list[Asked]:
        ready, _, _ = select.select([self.sock], [], [], timeout)
        if ready:
            part = self.sock.recv(1 << 20)
            if not part:
                self.closed = True
            self._pending += part
        messages = []
        while len(self._pending) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._pending)[0]
            if len(self._pending) < end:
                break
            messages.append(_asked.decode(self._pending[LENGTH.size : end]))
            del self._pending[:end]
        return messages

    def send(self, message: Told) -> None:
        self.sock.sendall(pack(message))
