"""Work on many files: uploads, downloads, deletions and whole folders, many at once on one machine or a cluster.

The methods of `ImageKit` are the way in: `upload_many`, `delete_many`, `download_many`, `sync_folder`.
"""

from .sync import Change as Change
from .window import Done as Done

__all__ = ["Change", "Done"]
