"""Local ImageKit: the API, uploads and delivery of ImageKit.io on this machine, for development and tests.

Needs the packages of the extra ``local``; README, "Installation", says how to install it.
"""

from __future__ import annotations

from .base.clock import Clock
from .base.settings import KeyPair, Settings
from .server import LocalImageKit

__all__ = ["Clock", "KeyPair", "LocalImageKit", "Settings"]
