"""The users of the galleries, and their uploads."""

from __future__ import annotations

from imagekitio.contrib.browser_uploads import UploadRules

EXPIRE_SECONDS = 3600  # lifetime of signed URLs
MAX_NAME_LENGTH = 30
NAME_REFUSED = f"A name must have up to {MAX_NAME_LENGTH} letters and digits."


def is_user_name(name: str) -> bool:
    """Return whether a user may have this name. Here, a name is enough to log in; your application needs more."""
    return name.isalnum() and len(name) <= MAX_NAME_LENGTH


def make_upload_rules(user: str) -> UploadRules:
    """Return what a user may upload: private pictures, into their own folder.

    Args:
        user: Name or id of the user.
    """
    return UploadRules(f"/gallery/{user}", max_bytes=5_000_000, accept=["image/*"], options={"is_private_file": True})
