"""The chapters of the tour: the calls, and how their results are described."""

from __future__ import annotations

import base64
import secrets
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagekitio import ImageKitException, NotFoundException

from .contact_sheet import format_kilobytes
from .gallery import make_pictures
from .visit import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    import requests

    from imagekitio import Change, Done, ImageKit
    from imagekitio.models.results import (
        FileResult,
        GetBulkJobStatusResult,
        GetMetadataResult,
        TagsResult,
        UploadFileResult,
    )

    from .visit import Visit

PICTURES = Path(__file__).parent / "pictures"
LONGEST_JOB = 120  # seconds


def upload(visit: Visit) -> None:
    coffee, cat, astronaut, galaxies = (PICTURES / f"{name}.jpg" for name in ("coffee", "cat", "astronaut", "galaxies"))
    _upload(visit, "coffee.jpg", "upload_file(Path(…), tags=[…])", coffee, tags=["drink", "red"])
    with galaxies.open("rb") as opened:
        _upload(visit, "galaxies.jpg", "upload_file(open(…), on_progress=…)", opened)
    _upload(visit, "cat.jpg", "upload_file(bytes, description=…)", cat.read_bytes(), description="Chelsea")
    text = base64.b64encode(astronaut.read_bytes()).decode()
    _upload(visit, "astronaut.jpg", "upload_file(base64, …)", text, custom_coordinates="140,0,180,180")
    url = visit.imagekit.url(
        path=visit.path("coffee.jpg"),
        transformation=[{"width": 500, "height": 420, "crop_mode": "pad_resize", "background": "F4A300"}],
    )
    _upload(visit, "framed.jpg", 'upload_file("http…/tr:w-500,…")', url)


def upload_from_browser(visit: Visit) -> None:
    token = visit.call(
        "get_authentication_parameters()",
        lambda got: f"token {got['token'][:8]}…, for {(got['expire'] - time.time()) / 60:.0f} minutes",
        visit.imagekit.get_authentication_parameters,
    )
    # A browser gets only this: the token, but never the private key.
    form = {
        **token,
        "publicKey": visit.imagekit.public_key,
        "fileName": "private.jpg",
        "isPrivateFile": "true",
        "folder": visit.folder,
        "useUniqueFileName": "false",
    }
    url = f"{visit.upload_base_url}/api/v1/files/upload"

    def post() -> requests.Response:
        with (PICTURES / "astronaut.jpg").open("rb") as picture:
            return visit.http.post(url, data=form, files={"file": picture}, timeout=TIMEOUT)

    def message(answer: requests.Response) -> str:
        text: str = answer.json()["message"]
        return text.partition(". ")[0].replace(token["token"], f"{token['token'][:8]}…")

    def post_first() -> requests.Response:
        answer = post()
        answer.raise_for_status()
        return answer

    visit.call("POST /api/v1/files/upload", lambda got: f"{got.status_code}, {got.json()['filePath']}", post_first)
    visit.call("the same token again", lambda got: f"{got.status_code}, {message(got)}", post)


def find(visit: Visit) -> None:
    imagekit, folder = visit.imagekit, visit.folder
    visit.call(
        'list_files(sort="DESC_SIZE", limit=2)',
        _list_names,
        imagekit.list_files,
        path=folder,
        sort="DESC_SIZE",
        limit=2,
    )
    visit.call('list_files(path=…, tags=["drink"])', _list_names, imagekit.list_files, path=folder, tags=["drink"])
    query = 'width < 600 AND size > "32kb"'
    visit.call(f"list_files(search_query='{query}')", _list_names, imagekit.list_files, path=folder, search_query=query)
    visit.call(
        "iter_files(path=…, page_size=2)",
        lambda files: f"{len(files)} files, two per page",
        lambda: list(imagekit.iter_files(path=folder, page_size=2)),
    )
    visit.call(
        "get_file_details(cat)",
        lambda file: f"{file.mime}, “{file.description}”, {file.created_at[:10]}",
        imagekit.get_file_details,
        visit.uploaded["cat.jpg"],
    )
    visit.call(
        'get_file_by_path("…/cat.jpg")',
        lambda file: file.file_id,
        imagekit.get_file_by_path,
        visit.uploaded["cat.jpg"].file_path,
    )


def label(visit: Visit) -> None:
    imagekit, name = visit.imagekit, f"price_{secrets.token_hex(4)}"
    ids = [visit.uploaded[name].file_id for name in ("cat.jpg", "coffee.jpg")]
    visit.call('add_tags([cat, coffee], ["home"])', _count_updated, imagekit.add_tags, ids, ["home"])
    visit.call('remove_tags([cat, coffee], ["red"])', _count_updated, imagekit.remove_tags, ids, ["red"])
    visit.call('remove_ai_tags([cat, coffee], ["Table"])', _count_updated, imagekit.remove_ai_tags, ids, ["Table"])
    price = visit.call(
        "create_custom_metadata_fields(name=…)",
        lambda made: f"{made.schema.type}, at least {made.schema.min_value}",
        imagekit.create_custom_metadata_fields,
        name=name,
        label=f"Price ({name})",
        schema={"type": "Number", "min_value": 0},
    )
    visit.field_ids.append(price.id)
    visit.call(
        "update_custom_metadata_fields(id, schema=…)",
        lambda made: f"{made.schema.type}, {made.schema.min_value} to {made.schema.max_value}",
        imagekit.update_custom_metadata_fields,
        price.id,
        schema={"min_value": 0, "max_value": 100},
    )
    visit.call(
        "get_custom_metadata_fields()",
        lambda fields: ", ".join(one.name for one in fields),
        imagekit.get_custom_metadata_fields,
    )
    visit.call(
        "update_file_details(custom_metadata=…)",
        lambda file: f"{file.custom_metadata}",
        imagekit.update_file_details,
        visit.uploaded["coffee.jpg"].file_id,
        custom_metadata={name: 3.5},
    )


def arrange(visit: Visit) -> None:
    imagekit = visit.imagekit
    visit.call(
        "copy_file(coffee.jpg to cups)",
        lambda _: visit.path("cups/coffee.jpg"),
        imagekit.copy_file,
        source_file_path=visit.path("coffee.jpg"),
        destination_path=visit.path("cups"),
    )
    visit.call(
        "move_file(cups/coffee.jpg to bar)",
        lambda _: visit.path("bar/coffee.jpg"),
        imagekit.move_file,
        source_file_path=visit.path("cups/coffee.jpg"),
        destination_path=visit.path("bar"),
    )
    visit.call(
        "rename_file(…, purge_cache=True)",
        lambda _: visit.path("bar/espresso.jpg"),
        imagekit.rename_file,
        file_path=visit.path("bar/coffee.jpg"),
        new_file_name="espresso.jpg",
        purge_cache=True,
    )


def change(visit: Visit) -> None:
    imagekit = visit.imagekit
    file = visit.call(
        "upload_file(cat) as bar/espresso.jpg",
        lambda got: f"{got.version_info.name}, {format_kilobytes(got.size)}",
        imagekit.upload_file,
        PICTURES / "cat.jpg",
        "espresso.jpg",
        folder=visit.path("bar"),
        use_unique_file_name=False,
    )
    versions = visit.call(
        "get_file_versions(id)",
        lambda got: ", ".join(f"{one.version_info.name}: {format_kilobytes(one.size)}" for one in got),
        imagekit.get_file_versions,
        file.file_id,
    )
    newest, oldest = versions[0].version_info.id, versions[-1].version_info.id
    visit.call(
        "get_file_version_details(id, oldest)",
        lambda got: f"{got.version_info.name}, a {got.type}",
        imagekit.get_file_version_details,
        file.file_id,
        oldest,
    )
    visit.call(
        "restore_file_version(id, oldest)",
        lambda got: f"{got.version_info.name}: the coffee is back",
        imagekit.restore_file_version,
        file.file_id,
        oldest,
    )
    visit.call(
        "delete_file_version(id, newest)",
        lambda _: "the cat is gone",
        imagekit.delete_file_version,
        file.file_id,
        newest,
    )


def arrange_folders(visit: Visit) -> None:
    imagekit = visit.imagekit
    visit.call(
        'create_folder("archive")',
        lambda _: visit.path("archive"),
        imagekit.create_folder,
        folder_name="archive",
        parent_folder_path=visit.folder,
    )
    job = visit.call(
        "copy_folder(bar to archive)",
        lambda got: f"job {got.job_id}",
        imagekit.copy_folder,
        source_folder_path=visit.path("bar"),
        destination_path=visit.path("archive"),
        include_file_versions=True,
    )
    _wait_for(visit, job.job_id)
    job = visit.call(
        "move_folder(bar to cups)",
        lambda got: f"job {got.job_id}",
        imagekit.move_folder,
        source_folder_path=visit.path("bar"),
        destination_path=visit.path("cups"),
    )
    _wait_for(visit, job.job_id)
    job = visit.call(
        "rename_folder(archive to attic)",
        lambda got: f"job {got.job_id}",
        imagekit.rename_folder,
        folder_path=visit.path("archive"),
        new_folder_name="attic",
    )
    _wait_for(visit, job.job_id)


def measure(visit: Visit) -> None:
    imagekit, cat, coffee = visit.imagekit, visit.uploaded["cat.jpg"], visit.uploaded["coffee.jpg"]
    small = imagekit.url(path=cat.file_path, transformation=[{"width": 150, "quality": 30}])
    large_cat = visit.call("get_file_metadata(cat)", _describe_metadata, imagekit.get_file_metadata, cat.file_id)
    cup = visit.call("get_file_metadata(coffee)", _describe_metadata, imagekit.get_file_metadata, coffee.file_id)
    small_cat = visit.call(
        "get_remote_file_url_metadata(url)", _describe_metadata, imagekit.get_remote_file_url_metadata, small
    )
    for asked, other in (("phash_distance(cat, small cat)", small_cat), ("phash_distance(cat, coffee)", cup)):
        visit.call(
            asked,
            lambda bits: f"{bits} of 64 bits: {'the same picture' if bits < 10 else 'different pictures'}",
            imagekit.phash_distance,
            large_cat.p_hash or "",
            other.p_hash or "",
        )


def purge(visit: Visit) -> None:
    request = visit.call(
        'purge_file_cache("…/coffee.jpg*")',
        lambda got: got.request_id,
        visit.imagekit.purge_file_cache,
        visit.imagekit.url(path=visit.path("coffee.jpg*")),
    )
    visit.call(
        "get_purge_file_cache_status(request)",
        lambda got: got.status,
        visit.imagekit.get_purge_file_cache_status,
        request.request_id,
    )


def sign(visit: Visit) -> None:
    imagekit, path = visit.imagekit, visit.path("private.jpg")

    def url(expire_seconds: int) -> str:
        return imagekit.url(path=path, transformation=[{"width": 300}], signed=True, expire_seconds=expire_seconds)

    signed = url(60)
    visit.call("GET a private file, unsigned", _describe_response, visit.get, signed.partition("?")[0])
    visit.call("GET it signed for one minute", _describe_response, visit.get, signed)
    visit.call("GET it with w-300 changed to w-900", _describe_response, visit.get, signed.replace("w-300", "w-900"))
    if visit.server is not None:
        visit.server.clock.advance(61)
    else:
        signed = url(1)
        time.sleep(3)
    visit.call("GET it after it expired", _describe_response, visit.get, signed)
    if visit.server is not None:
        visit.server.clock.reset()


def delete(visit: Visit) -> None:
    imagekit, framed = visit.imagekit, visit.uploaded["framed.jpg"].file_id
    visit.call("delete_file(framed)", lambda _: "done", imagekit.delete_file, framed)

    def error() -> NotFoundException:
        try:
            imagekit.get_file_details(framed)
        except NotFoundException as exc:
            return exc
        raise AssertionError("a deleted file still has details")

    visit.call("get_file_details(framed)", lambda exc: f"{type(exc).__name__}: {exc}", error)
    visit.call(
        "bulk_file_delete([cat, galaxies])",
        lambda got: f"{len(got.successfully_deleted_file_ids)} files",
        imagekit.bulk_file_delete,
        [visit.uploaded[name].file_id for name in ("cat.jpg", "galaxies.jpg")],
    )


def read_head(imagekit: ImageKit, path: str) -> bytes:
    with imagekit.open_stream(path, length=8, signed=True) as stream:
        return stream.read()


def count_actions(outcomes: Iterable[Done[Change, Any]]) -> str:
    return ", ".join(f"{action} {n}" for action, n in Counter(one.item.action for one in outcomes).items())


def work_in_bulk(visit: Visit) -> None:
    imagekit, folder = visit.imagekit, visit.path("bulk")
    pictures = sorted(PICTURES.glob("*.jpg"))
    uploaded = visit.call(
        f"upload_many({len(pictures)} paths)",
        lambda done: f"{sum(one.error is None for one in done)} uploaded",
        lambda: list(imagekit.upload_many(pictures, folder=folder, use_unique_file_name=False)),
    )
    paths = [one.result.file_path for one in uploaded if one.result is not None]
    with tempfile.TemporaryDirectory() as name:
        local = Path(name)
        visit.call(
            "download(…, transformation=[…])",
            lambda path: f"{path.name}, {format_kilobytes(path.stat().st_size)}",
            lambda: imagekit.download(paths[0], local / "small.jpg", transformation=[{"width": 100}], signed=True),
        )
        visit.call(
            "open_stream(…, length=8).read()",
            lambda head: head.hex(" "),
            lambda: read_head(imagekit, paths[0]),
        )
        visit.call(
            f"download_many({len(paths)} paths)",
            lambda done: f"{sum(one.error is None for one in done)} downloaded",
            lambda: list(imagekit.download_many([(path, Path(path).name) for path in paths], local / "all")),
        )
        (local / "all" / pictures[0].name).unlink()
        visit.call(
            "sync_folder(…, delete=True)",
            count_actions,
            lambda: list(imagekit.sync_folder(local / "all", folder, delete=True)),
        )
        plan = visit.call(
            f'plan_uploads([("{pictures[0].name}", …)])',
            count_actions,
            lambda: list(imagekit.plan_uploads([(pictures[0], f"{folder}/{pictures[0].name}")])),
        )
        visit.call(
            "apply_changes(plan)",
            count_actions,
            lambda: list(imagekit.apply_changes([one.item for one in plan])),
        )
        visit.call(
            "pull_folder(…)",
            count_actions,
            lambda: list(imagekit.pull_folder(folder, local / "pulled")),
        )
        files = list(imagekit.list_files(path=folder))
        visit.call(
            f"pull_files({len(files)} files)",
            lambda done: f"{sum(one.error is None for one in done)} in place",
            lambda: list(imagekit.pull_files([(file, local / "pulled" / file.name) for file in files])),
        )
    visit.call(
        f'tag_many({len(files)} files, add=["tour"])',
        lambda done: f"{sum(one.error is None for one in done)} changed",
        lambda: list(imagekit.tag_many(files, add=["tour"])),
    )
    visit.call(
        f"get_metadata_many({len(files)} files)",
        lambda done: f"{sum(bool(one.result and one.result.p_hash) for one in done)} with a perceptual hash",
        lambda: list(imagekit.get_metadata_many(files)),
    )
    visit.call(
        f"delete_many({len(files)} files)",
        lambda done: f"{sum(bool(one.result) for one in done)} deleted",
        lambda: list(imagekit.delete_many(files)),
    )


def tidy_up(visit: Visit) -> bool:
    """Delete everything that the tour left, except a folder to keep; return whether that succeeded."""
    visit.screen.chapter("Cleaning up")
    imagekit, done = visit.imagekit, True
    steps: list[tuple[str, Callable[[], object]]] = [
        # A folder cannot be deleted while a job works on it.
        *(("get_bulk_job_status(job)", partial(_wait_until_done, imagekit, job_id)) for job_id in visit.job_ids),
        *(
            (f'delete_folder("{folder}")', partial(imagekit.delete_folder, folder_path=folder))
            for folder in ([] if visit.is_kept else [visit.folder])
        ),
        *(
            ("delete_custom_metadata_field(id)", partial(imagekit.delete_custom_metadata_field, field_id))
            for field_id in visit.field_ids
        ),
    ]
    for asked, step in steps:
        try:
            visit.finish(asked, lambda _: "done", step)
        except NotFoundException:
            visit.screen.note(f"{asked}: nothing to delete")
        except ImageKitException as exc:
            visit.screen.failure(exc)
            done = False
    if visit.is_kept:
        visit.screen.note(f"The folder {visit.folder} stays in your account until you delete it.")
    return done


CHAPTERS: tuple[tuple[str, Callable[[Visit], None]], ...] = (
    ("Uploading: a path, an open file, bytes, base64, a URL", upload),
    ("Uploading from a browser, without the private key", upload_from_browser),
    ("Listing and searching", find),
    ("Tags and custom metadata", label),
    ("Copying, moving, renaming", arrange),
    ("Versions", change),
    ("Folders", arrange_folders),
    ("Metadata and perceptual hashes", measure),
    ("Purging the cache", purge),
    ("Signed URLs", sign),
    ("Transforming pictures by URL", make_pictures),
    ("Many files at once", work_in_bulk),
    ("Deleting", delete),
)


def _upload(visit: Visit, name: str, asked: str, file: Path | BinaryIO | bytes | str, **options: object) -> None:
    visit.uploaded[name] = visit.call(
        asked,
        _describe_upload,
        visit.imagekit.upload_file,
        file,
        name,
        {"folder": visit.folder, "use_unique_file_name": False, **options},
        on_progress=lambda sent, total: visit.screen.progress(name, sent, total),
    )


def _wait_for(visit: Visit, job_id: str) -> None:
    visit.job_ids.append(job_id)
    visit.call("get_bulk_job_status(job)", _describe_job, _wait_until_done, visit.imagekit, job_id)
    visit.job_ids.remove(job_id)


def _wait_until_done(imagekit: ImageKit, job_id: str) -> tuple[GetBulkJobStatusResult, int]:
    """Wait until a job is done; return its status and the number of requests for it."""
    wait, end = 0.02, time.monotonic() + LONGEST_JOB
    asked = 1
    while (job := imagekit.get_bulk_job_status(job_id)).status == "Pending" and time.monotonic() < end:
        time.sleep(wait)
        wait, asked = min(2 * wait, 5), asked + 1
    return job, asked


def _describe_job(outcome: tuple[GetBulkJobStatusResult, int]) -> str:
    job, asked = outcome
    return f"{job.type}: {job.status}, checked {asked} times"


def _describe_upload(file: UploadFileResult) -> str:
    return f"{file.name}, {file.width} × {file.height}"


def _list_names(files: Iterable[FileResult]) -> str:
    return ", ".join(file.name for file in files) or "nothing (yet)"


def _count_updated(tags: TagsResult) -> str:
    return f"{len(tags.successfully_updated_file_ids)} files"


def _describe_metadata(metadata: GetMetadataResult) -> str:
    return f"{metadata.width} × {metadata.height}, pHash {metadata.p_hash}"


def _describe_response(answer: requests.Response) -> str:
    return f"{answer.status_code}, {answer.headers.get('ik-error') or format_kilobytes(len(answer.content))}"
