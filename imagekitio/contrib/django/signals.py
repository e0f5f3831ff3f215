"""Signals of webhooks: `webhook_received` for every event, and one for each kind of event.

::

    @receiver(file_created)
    def add_picture(sender, event, **kwargs):
        Picture.objects.get_or_create(file_id=event.data.file_id, defaults={"path": event.data.file_path})

`WebhookView` sends them, with its class as `sender` and an event of `imagekitio.webhooks` as `event`. The service waits
30 seconds for a response, so hand long work to a task queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

webhook_received: Signal = Signal()

file_created: Signal = Signal()
file_updated: Signal = Signal()
file_deleted: Signal = Signal()
file_version_created: Signal = Signal()
file_version_deleted: Signal = Signal()
folder_created: Signal = Signal()
folder_updated: Signal = Signal()
folder_deleted: Signal = Signal()
upload_pre_transform_success: Signal = Signal()
upload_pre_transform_error: Signal = Signal()
upload_post_transform_success: Signal = Signal()
upload_post_transform_error: Signal = Signal()
video_transformation_accepted: Signal = Signal()
video_transformation_ready: Signal = Signal()
video_transformation_error: Signal = Signal()

SIGNALS: Mapping[str, Signal] = {
    "file.created": file_created,
    "file.updated": file_updated,
    "file.deleted": file_deleted,
    "file-version.created": file_version_created,
    "file-version.deleted": file_version_deleted,
    "folder.created": folder_created,
    "folder.updated": folder_updated,
    "folder.deleted": folder_deleted,
    "upload.pre-transform.success": upload_pre_transform_success,
    "upload.pre-transform.error": upload_pre_transform_error,
    "upload.post-transform.success": upload_post_transform_success,
    "upload.post-transform.error": upload_post_transform_error,
    "video.transformation.accepted": video_transformation_accepted,
    "video.transformation.ready": video_transformation_ready,
    "video.transformation.error": video_transformation_error,
}
