"""The refusal of a transformation, with what the delivery route answers."""

from __future__ import annotations


class TransformationError(Exception):
    """A picture cannot be made as asked.

    Attributes:
        status: HTTP status: 400 for a mistake, 415 for a file that is no picture, 501 for what needs more than libvips.
        code: First word of the ``ik-error`` header: EINVAL, ELIMIT or EUNSUPPORTED.
        message: What is wrong, naming the transformation code, and what would be right.
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
    """Return a 400 for a code that does not exist, or a value that it does not take."""
    return TransformationError(400, "EINVAL", f"code '{code}' {message}")


def over_limit(message: str) -> TransformationError:
    """Return a 400 for what is too large (ImageKit docs, "Limits")."""
    return TransformationError(400, "ELIMIT", message)


def unsupported(code: str, needs: str, *, status: int = 501) -> TransformationError:
    """Return a 501 for what ImageKit does and local ImageKit does not, which must never pass in silence."""
    return TransformationError(status, "EUNSUPPORTED", f"{code} needs {needs}")
