"""The error for a refused transformation, with the data of the response."""

from __future__ import annotations


class TransformationError(Exception):
    """A picture cannot be transformed.

    Attributes:
        status: HTTP status: 400 for a mistake, 415 for a file that is not a picture, 501 for features that are missing.
        code: First word of the ``ik-error`` header: EINVAL, ELIMIT or EUNSUPPORTED.
        message: Error message, which names the transformation code and says what is allowed.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, code, message)
        self.status: int = status
        self.code: str = code
        self.message: str = message

    def __str__(self) -> str:
        return f"{self.code} - {self.message}"


def malformed(message: str) -> TransformationError:
    """Return a 400 for steps that do not follow the grammar."""
    return TransformationError(400, "EINVAL", message)


def invalid(code: str, message: str) -> TransformationError:
    """Return a 400 for a code that does not exist or a value that is not valid for it."""
    return TransformationError(400, "EINVAL", f"code '{code}' {message}")


def over_limit(message: str) -> TransformationError:
    """Return a 400 for exceeding a limit (ImageKit docs, "Limits")."""
    return TransformationError(400, "ELIMIT", message)


def unsupported(code: str, needs: str, *, status: int = 501) -> TransformationError:
    """Return a 501 for a feature of ImageKit that local ImageKit lacks, which must never be ignored silently."""
    return TransformationError(status, "EUNSUPPORTED", f"{code} needs {needs}")
