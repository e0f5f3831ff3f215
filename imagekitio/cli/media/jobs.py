"""Jobs of the service: they copy, move and rename folders, and continue after the answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ...exceptions import ImageKitException
from ..base.failures import REFUSED, Failure, describe, find_exit_code
from ..base.waiting import show_spinner

if TYPE_CHECKING:
    from ...client import ImageKit
    from ..base.output import Output

_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.2, 5.0


def wait_for_job(client: ImageKit, job_id: str, output: Output, text: str) -> None:
    """Wait until a job is done; the pauses between requests grow from 0.2 to 5 seconds.

    Args:
        client: Client of the account.
        job_id: Id of the job.
        output: Where to show the spinner.
        text: What the job does, such as ``moving /shop``.
    Raises:
        Failure: The job did not succeed, or it continues but its status cannot be read.
    """
    wait_seconds = _FIRST_WAIT_SECONDS
    try:
        with show_spinner(output, f"{text} …"):
            while (status := client.get_bulk_job_status(job_id).status) == "Pending":
                time.sleep(wait_seconds)
                wait_seconds = min(2 * wait_seconds, _LONGEST_WAIT_SECONDS)
    except ImageKitException as exc:
        raise Failure(
            f"the job {job_id} continues, but its status is unknown: {describe(exc)}", find_exit_code(exc)
        ) from exc
    if status != "Completed":
        raise Failure(f"the service ended the job {job_id} with the status {status!r}", REFUSED)
