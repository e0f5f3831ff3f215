"""The import path of the released package for its retries."""

from .retries import BackoffStrategy as BackoffStrategy
from .retries import RetryConfig as RetryConfig

__all__ = ["BackoffStrategy", "RetryConfig"]
