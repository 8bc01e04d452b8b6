"""Frames: how the server and a worker speak through a pipe.

A frame is two lengths (four bytes each, big-endian), a header as JSON, and a body of bytes. To each
request there are two: `BEGUN` as soon as it has been read, then the answer.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import IO, Any

__all__ = ["BEGUN", "Frame", "frame", "read_frame", "receive_frame"]

_LENGTHS = struct.Struct(">II")

Frame = tuple[dict[str, Any], bytes]


def frame(header: dict[str, Any], body: bytes = b"") -> bytes:
    """A frame as bytes."""
    told = json.dumps(header).encode("utf-8")
    return b"".join((_LENGTHS.pack(len(told), len(body)), told, body))


BEGUN = frame({"begun": True})


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame of a stream; None at its end."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    told, body = _LENGTHS.unpack(lengths)
    return json.loads(stream.read(told)), stream.read(body)


async def receive_frame(stream: asyncio.StreamReader) -> Frame:
    """The next frame.

    Raises:
        asyncio.IncompleteReadError: the stream ends before it does.
    """
    told, body = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
    header = json.loads(await stream.readexactly(told))
    return header, await stream.readexactly(body)
