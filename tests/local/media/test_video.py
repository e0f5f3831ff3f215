"""Videos: reading their headers, and showing the values in the API."""

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


def make_box(kind: str, *content: bytes, large: bool = False) -> bytes:
    body = b"".join(content)
    if large:
        return struct.pack(">I4sQ", 1, kind.encode(), len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body


def make_track(handler: str, codec: str, *, size: tuple[int, int] = (0, 0)) -> bytes:
    tkhd = make_box("tkhd", bytes(76), struct.pack(">II", size[0] << 16, size[1] << 16))
    entry = make_box("stsd", struct.pack(">II", 0, 1), make_box(codec, bytes(78)))
    handling = make_box("hdlr", bytes(8), handler.encode(), bytes(13))
    return make_box("trak", tkhd, make_box("mdia", handling, make_box("minf", make_box("stbl", entry))))


def make_movie(*tracks: bytes, version: int = 0) -> bytes:
    head = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, 2500) if version else struct.pack(">B3xIIII", 0, 0, 0, 600, 1500)
    return make_box("moov", make_box("mvhd", head, bytes(80)), *tracks)


def make_mp4(*, version: int = 0, moov_first: bool = True) -> bytes:
    moov = make_movie(make_track("vide", "avc1", size=(640, 360)), make_track("soun", "mp4a"), version=version)
    ftyp, mdat = make_box("ftyp", b"isom", bytes(4), b"isom"), make_box("mdat", bytes(5000), large=True)
    return b"".join([ftyp, moov, mdat] if moov_first else [ftyp, mdat, moov])


def measure_bytes(path: Path, content: bytes) -> Video:
    path.write_bytes(content)
    return measure(path)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("moov_first", [True, False])
def test_a_video_is_measured_wherever_its_headers_are(tmp_path: Path, version: int, moov_first: bool) -> None:
    content = make_mp4(version=version, moov_first=moov_first)
    assert measure_bytes(tmp_path / "a.mp4", content) == Video(
        width=640,
        height=360,
        duration=2.5,
        bit_rate=round(len(content) * 8 / 2.5),
        video_codec="h264",
        audio_codec="aac",
    )


def test_a_video_without_sound_has_no_audio_codec(tmp_path: Path) -> None:
    video = measure_bytes(
        tmp_path / "a.mp4", make_box("ftyp", b"isom") + make_movie(make_track("vide", "vp09", size=(8, 6)))
    )
    assert (video.video_codec, video.audio_codec) == ("vp9", None)
    assert "audioCodec" not in video.as_json()


@pytest.mark.parametrize("content", [b"", b"text", bytes(100), b"\x00\x00\x00\x1cftypisom" + bytes(100), b"\xff" * 64])
def test_files_that_are_not_videos_have_no_measurements(tmp_path: Path, content: bytes) -> None:
    assert measure_bytes(tmp_path / "a.mp4", content) == Video()


@given(cut=st.integers(0, 800), at=st.integers(0, 800), byte=st.integers(0, 255))
def test_a_damaged_video_is_measured_as_far_as_possible(
    tmp_path_factory: pytest.TempPathFactory, cut: int, at: int, byte: int
) -> None:
    content = bytearray(make_mp4())
    content[at] = byte
    measure_bytes(tmp_path_factory.getbasetemp() / "broken.mp4", bytes(content[: len(content) - cut]))


def test_the_api_shows_the_measurements_of_a_video(api: Api) -> None:
    content = make_mp4()
    known = {"width": 640, "height": 360, "duration": 2.5, "videoCodec": "h264", "audioCodec": "aac"}
    known["bitRate"] = round(len(content) * 8 / 2.5)
    answer = api.upload("clip.mp4", content, responseFields="metadata")
    assert known.items() <= answer.items()
    assert answer["metadata"] == {**known, "size": len(content)}
    assert known.items() <= api.details(answer["fileId"]).items()
    assert api("GET", f"/v1/files/{answer['fileId']}/metadata").json() == {**known, "size": len(content)}
    assert api("GET", "/v1/metadata", params={"url": answer["url"]}).json() == {**known, "size": len(content)}
    assert api.paths(searchQuery='videoDuration > "2s" AND width = 640') == ["/clip.mp4"]


def test_checks_can_test_the_measurements_of_a_video(api: Api) -> None:
    wanted = (
        '"mediaMetadata.duration" <= 2.5 AND "mediaMetadata.videoCodec" IN ["h264"] AND "mediaMetadata.bitRate" > 9'
    )
    assert api.try_upload("a.mp4", make_mp4(), checks=wanted).status_code == 200
    assert api.try_upload("b.mp4", make_mp4(), checks='"mediaMetadata.audioCodec" NOT = "aac"').status_code == 400
