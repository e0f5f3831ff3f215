"""Documented import path of `AITags`."""

from ..details import AITags as AITags
