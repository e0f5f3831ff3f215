"""Uploads, deletions and visibility changes in any order, compared with a simple model."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from imagekitio.local.base.addresses import UrlEndpoints
from imagekitio.local.base.errors import ApiError
from imagekitio.local.imgsrc.api import images
from imagekitio.local.imgsrc.api.uploads import accept_upload
from imagekitio.local.imgsrc.library import find_image, has_path
from imagekitio.local.imgsrc.settings import ImgsrcSettings
from imagekitio.local.imgsrc.store import ImgsrcStore
from imagekitio.local.uploads.form import Form
from imagekitio.local.web.calls import Call
from tests.local.imgsrc.conftest import NOW, make_picture

CONTENTS = [make_picture(number) for number in range(3)]
IDS = [hashlib.sha256(content).hexdigest()[:16] for content in CONTENTS]
PATHS = ["a.png", "a.webp", "b/a.png", "b/c/d.jpg", "bb/a.png"]
ROOT = "http://img.test/i/local"

contents = st.sampled_from(range(len(CONTENTS)))
paths = st.sampled_from(PATHS)


@dataclass
class Image:
    uploaded: int  # position among all uploads of new images
    visibility: str
    paths: list[str] = field(default_factory=list[str])


class Library(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = ImgsrcStore(ImgsrcSettings(data=Path(self.folder.name)))
        self.store.settings.clock.freeze(NOW)
        self.model: dict[int, Image] = {}  # by number of the content
        self.uploads = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def call(self, handler: Any, body: dict[str, Any] | None = None, **path: str) -> Any:
        return handler(self.store, Call(path, {}, body or {}, UrlEndpoints(ROOT))).body

    def call_and_fail(self, handler: Any, body: dict[str, Any] | None = None, **path: str) -> int:
        try:
            self.call(handler, body, **path)
        except ApiError as exc:
            return exc.status
        raise AssertionError("it was not refused")

    def find_owner(self, path: str) -> int | None:
        return next((number for number, image in self.model.items() if path in image.paths), None)

    def drop_path(self, path: str) -> None:
        owner = self.find_owner(path)
        if owner is not None:
            self.model[owner].paths.remove(path)
            if not self.model[owner].paths:
                del self.model[owner]

    @rule(number=contents, path=paths, visibility=st.sampled_from(["", "public", "private"]))
    def upload(self, number: int, path: str, visibility: str) -> None:
        is_new = number not in self.model
        if is_new:
            self.uploads += 1
        image = self.model.setdefault(number, Image(self.uploads, "public"))
        if path not in image.paths:
            self.drop_path(path)
            image.paths.append(path)
        if visibility == "private":
            image.visibility = "private"
        form = Form({"target_path": path, "visibility": visibility}, True, "x.png", tail=bytearray(CONTENTS[number]))
        with self.store.incoming() as incoming:
            answer = accept_upload(self.store, form, incoming, ROOT).body
        assert (answer["id"], answer["is_new"], answer["paths"]) == (IDS[number], is_new, image.paths)
        assert (answer["visibility"], answer["url"]) == (image.visibility, f"{ROOT}/{path}")
        self.store.settings.clock.advance(1)

    @rule(number=contents)
    def delete(self, number: int) -> None:
        image = self.model.pop(number, None)
        if image is None:
            assert self.call_and_fail(images.delete_image, id=IDS[number]) == 404
        else:
            assert self.call(images.delete_image, id=IDS[number])["deleted_paths"] == image.paths

    @rule(path=paths)
    def delete_path(self, path: str) -> None:
        owner = self.find_owner(path)
        if owner is None:
            assert self.call_and_fail(images.delete_image_path, username="local", filepath=path) == 404
            return
        self.drop_path(path)
        answer = self.call(images.delete_image_path, username="local", filepath=path)
        assert answer["image_deleted"] is (owner not in self.model)
        assert answer["remaining_paths"] == (self.model[owner].paths if owner in self.model else [])

    @precondition(lambda self: self.model)
    @rule(data=st.data(), visibility=st.sampled_from(["public", "private"]))
    def change_visibility(self, data: st.DataObject, visibility: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        self.model[number].visibility = visibility
        body = {"visibility": visibility}
        assert self.call(images.update_visibility, body, id=IDS[number])["visibility"] == visibility

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        answer = self.call(images.create_signed_url, id=IDS[number])
        assert answer["signed_url"].startswith(f"{ROOT}/{self.model[number].paths[0]}?exp=")

    @invariant()
    def a_list_shows_the_images(self) -> None:
        listed = self.call(images.list_images)
        newest_first = sorted(self.model, key=lambda number: -self.model[number].uploaded)
        assert [image["id"] for image in listed["images"]] == [IDS[number] for number in newest_first]
        for number, shown in zip(newest_first, listed["images"], strict=True):
            assert (shown["paths"], shown["visibility"]) == (self.model[number].paths, self.model[number].visibility)
            signed = shown.get("active_signed_url")
            assert signed is None or signed["signed_url"].partition("?")[0].removeprefix(f"{ROOT}/") in shown["paths"]
        folders = {folder["name"]: folder["image_count"] for folder in listed["folders"]}
        assert folders == {
            folder: count
            for folder in ("b", "bb")
            if (count := sum(any(p.startswith(f"{folder}/") for p in image.paths) for image in self.model.values()))
        }

    @invariant()
    def a_list_of_a_folder_shows_what_is_below_it(self) -> None:
        call = Call({}, {"path": "b"}, {}, UrlEndpoints(ROOT))
        listed = images.list_images(self.store, call).body
        inside = {n for n, image in self.model.items() if any(path.startswith("b/") for path in image.paths)}
        assert {image["id"] for image in listed["images"]} == {IDS[number] for number in inside}
        assert listed["total"] == len(inside)

    @invariant()
    def every_path_leads_to_its_image(self) -> None:
        with self.store.read() as connection:
            for path in PATHS:
                owner = self.find_owner(path)
                assert has_path(connection, path) is (owner is not None)
                found = find_image(connection, path)
                if owner is not None:
                    assert found is not None
                    assert found.id == IDS[owner]

    @invariant()
    def the_contents_are_those_of_the_images(self) -> None:
        kept = {file.read_bytes() for file in Path(self.folder.name, "contents").glob("*/*")}
        assert kept == {CONTENTS[number] for number in self.model}
        assert not list(Path(self.folder.name, "incoming").iterdir())

    @invariant()
    def metadata_describes_the_same_images(self) -> None:
        for number, image_id in enumerate(IDS):
            if number in self.model:
                shown = self.call(images.get_image, id=image_id)
                assert shown["visibility"] == self.model[number].visibility
                assert shown["urls"]["original"] == f"{ROOT}/{self.model[number].paths[0]}"
            else:
                assert self.call_and_fail(images.get_image, id=image_id) == 404


TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
