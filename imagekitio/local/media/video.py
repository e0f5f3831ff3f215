"""Measurement of a video from the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), without decoding frames."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = ("mp4", "mov")  # formats in `imagekitio.local.media.media_types` that can be measured

_MAX_BOXES = 10_000  # to read in a file; real files have a few dozen
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_CODECS = {
    "avc1": "h264",
    "avc3": "h264",
    "hvc1": "hevc",
    "hev1": "hevc",
    "vp08": "vp8",
    "vp09": "vp9",
    "av01": "av1",
    "mp4v": "mpeg4",
    "mp4a": "aac",
    "opus": "opus",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "flac": "flac",
    ".mp3": "mp3",
}


@dataclass
class Video:
    """The known data of a video; None for data that its file does not contain."""

    width: int | None = None  # pixels
    height: int | None = None
    duration: float | None = None  # seconds
    bit_rate: int | None = None  # bits per second, of the whole file
    video_codec: str | None = None
    audio_codec: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the known data as members of the API's responses."""
        members = {
            "height": self.height,
            "width": self.width,
            "bitRate": self.bit_rate,
            "duration": self.duration,
            "audioCodec": self.audio_codec,
            "videoCodec": self.video_codec,
        }
        return {name: value for name, value in members.items() if value is not None}


def measure(path: Path) -> Video:
    """Read the headers of the video at `path`; all fields are None if it is not a video."""
    video, handler = Video(), b""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        for kind, start, end in _boxes(file, size):
            file.seek(start)
            body = file.read(min(end - start, 128))
            try:
                if kind == b"mvhd":
                    video.duration = _duration(body)
                elif kind == b"tkhd":
                    width, height = (edge >> 16 for edge in struct.unpack(">II", body[: end - start][-8:]))
                    video.width, video.height = video.width or width or None, video.height or height or None
                elif kind == b"hdlr":
                    handler = body[8:12]
                elif kind == b"stsd":
                    codec = body[12:16].decode("ascii").strip("\0 ").lower()
                    codec = _CODECS.get(codec, codec)
                    if handler == b"vide":
                        video.video_codec = video.video_codec or codec
                    elif handler == b"soun":
                        video.audio_codec = video.audio_codec or codec
            except (struct.error, UnicodeDecodeError):  # truncated, or not a text
                continue
    if video.duration:
        video.bit_rate = round(size * 8 / video.duration)
    return video


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the type, start and end of each box in the order of the file, with the contents of containers."""
    waiting, seen = [(0, size)], 0
    while waiting and seen < _MAX_BOXES:
        at, limit = waiting.pop()
        if limit - at < 8:
            continue
        seen += 1
        file.seek(at)
        head = file.read(16)
        length, start = int.from_bytes(head[:4], "big"), at + 8
        if length == 1 and len(head) == 16:
            length, start = int.from_bytes(head[8:], "big"), at + 16
        end = limit if length == 0 else at + length
        if not start <= end <= limit:
            continue
        waiting.append((end, limit))
        kind = head[4:8]
        if kind in _CONTAINERS:
            waiting.append((start, end))
        else:
            yield kind, start, end


def _duration(body: bytes) -> float | None:
    timescale, length = (
        struct.unpack_from(">IQ", body, 20) if body[:1] == b"\x01" else struct.unpack_from(">II", body, 12)
    )
    return round(length / timescale, 3) if timescale and length else None
