"""Videos: what is read from their headers, and where the API shows it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.video import Video, measure

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.conftest import Api


def box(kind: str, *content: bytes, large: bool = False) -> bytes:
    body = b"".join(content)
    if large:
        return struct.pack(">I4sQ", 1, kind.encode(), len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body


def track(handler: str, codec: str, *, size: tuple[int, int] = (0, 0)) -> bytes:
    tkhd = box("tkhd", bytes(76), struct.pack(">II", size[0] << 16, size[1] << 16))
    entry = box("stsd", struct.pack(">II", 0, 1), box(codec, bytes(78)))
    handling = box("hdlr", bytes(8), handler.encode(), bytes(13))
    return box("trak", tkhd, box("mdia", handling, box("minf", box("stbl", entry))))


def movie(*tracks: bytes, version: int = 0) -> bytes:
    head = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, 2500) if version else struct.pack(">B3xIIII", 0, 0, 0, 600, 1500)
    return box("moov", box("mvhd", head, bytes(80)), *tracks)


def mp4(*, version: int = 0, moov_first: bool = True) -> bytes:
    moov = movie(track("vide", "avc1", size=(640, 360)), track("soun", "mp4a"), version=version)
    ftyp, mdat = box("ftyp", b"isom", bytes(4), b"isom"), box("mdat", bytes(5000), large=True)
    return b"".join([ftyp, moov, mdat] if moov_first else [ftyp, mdat, moov])


def measured(path: Path, content: bytes) -> Video:
    path.write_bytes(content)
    return measure(path)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("moov_first", [True, False])
def test_a_video_is_measured_wherever_its_headers_are(tmp_path: Path, version: int, moov_first: bool) -> None:
    content = mp4(version=version, moov_first=moov_first)
    assert measured(tmp_path / "a.mp4", content) == Video(
        width=640,
        height=360,
        duration=2.5,
        bit_rate=round(len(content) * 8 / 2.5),
        video_codec="h264",
        audio_codec="aac",
    )


def test_a_video_without_sound_has_no_audio_codec(tmp_path: Path) -> None:
    video = measured(tmp_path / "a.mp4", box("ftyp", b"isom") + movie(track("vide", "vp09", size=(8, 6))))
    assert (video.video_codec, video.audio_codec) == ("vp9", None)
    assert "audioCodec" not in video.as_json()


@pytest.mark.parametrize("content", [b"", b"text", bytes(100), b"\x00\x00\x00\x1cftypisom" + bytes(100), b"\xff" * 64])
def test_of_what_is_no_video_nothing_is_known(tmp_path: Path, content: bytes) -> None:
    assert measured(tmp_path / "a.mp4", content) == Video()


@given(cut=st.integers(0, 800), at=st.integers(0, 800), byte=st.integers(0, 255))
def test_a_broken_video_is_measured_as_far_as_it_goes(
    tmp_path_factory: pytest.TempPathFactory, cut: int, at: int, byte: int
) -> None:
    content = bytearray(mp4())
    content[at] = byte
    measured(tmp_path_factory.getbasetemp() / "broken.mp4", bytes(content[: len(content) - cut]))


def test_the_api_shows_what_is_known_of_a_video(api: Api) -> None:
    content = mp4()
    known = {"width": 640, "height": 360, "duration": 2.5, "videoCodec": "h264", "audioCodec": "aac"}
    known["bitRate"] = round(len(content) * 8 / 2.5)
    answer = api.upload("clip.mp4", content, responseFields="metadata")
    assert known.items() <= answer.items()
    assert answer["metadata"] == {**known, "size": len(content)}
    assert known.items() <= api.details(answer["fileId"]).items()
    assert api("GET", f"/v1/files/{answer['fileId']}/metadata").json() == {**known, "size": len(content)}
    assert api("GET", "/v1/metadata", params={"url": answer["url"]}).json() == {**known, "size": len(content)}
    assert api.paths(searchQuery='videoDuration > "2s" AND width = 640') == ["/clip.mp4"]


def test_checks_can_ask_about_videos(api: Api) -> None:
    wanted = (
        '"mediaMetadata.duration" <= 2.5 AND "mediaMetadata.videoCodec" IN ["h264"] AND "mediaMetadata.bitRate" > 9'
    )
    assert api.try_upload("a.mp4", mp4(), checks=wanted).status_code == 200
    assert api.try_upload("b.mp4", mp4(), checks='"mediaMetadata.audioCodec" NOT = "aac"').status_code == 400
