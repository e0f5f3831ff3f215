"""The retries, under the import path of the released package."""

from .retries import BackoffStrategy as BackoffStrategy
from .retries import RetryConfig as RetryConfig

__all__ = ["BackoffStrategy", "RetryConfig"]
