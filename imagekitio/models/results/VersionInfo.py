"""Documented import path of `VersionInfo`."""

from ..details import VersionInfo as VersionInfo
