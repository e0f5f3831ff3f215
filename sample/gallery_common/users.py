"""What all galleries ask of their users."""

from __future__ import annotations

from imagekitio.contrib.browser_uploads import UploadRules

EXPIRE_SECONDS = 3600  # of the signed URLs
MAX_NAME_LENGTH = 30
NAME_REFUSED = f"A name has up to {MAX_NAME_LENGTH} letters and digits."


def is_user_name(name: str) -> bool:
    """Return whether a user may have this name. It is enough to log in; an application of yours asks for more."""
    return name.isalnum() and len(name) <= MAX_NAME_LENGTH


def make_upload_rules(user: str) -> UploadRules:
    """Return what a user may upload: pictures, private ones, into a folder of their own.

    Args:
        user: Name or id of the user.
    """
    return UploadRules(f"/gallery/{user}", max_bytes=5_000_000, accept=["image/*"], options={"is_private_file": True})
