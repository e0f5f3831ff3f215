"""Work on many files: uploads, downloads, deletions, tags and whole folders, many at once on a machine or a cluster.

Use it through the methods of `ImageKit` and `AsyncImageKit`: `upload_many`, `delete_many`, `tag_many`,
`get_metadata_many`, `download_many`, `sync_folder`, `plan_uploads`, `apply_changes`, `pull_files` and `pull_folder`.
"""

from .sync import Change as Change
from .work import Done as Done
from .work import Failed as Failed
from .work import Succeeded as Succeeded

__all__ = ["Change", "Done", "Failed", "Succeeded"]
