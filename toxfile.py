"""Shows tox the interpreters of version managers, which are on no PATH until someone chooses them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tox.plugin import impl

if TYPE_CHECKING:
    from tox.config.sets import ConfigSet
    from tox.session.state import State

# Environment variable, its default below the home folder, and where the versions are below that.
_MANAGERS = (
    ("PYENV_ROOT", ".pyenv", "versions/*/bin"),
    ("ASDF_DATA_DIR", ".asdf", "installs/python/*/bin"),
    ("MISE_DATA_DIR", ".local/share/mise", "installs/python/*/bin"),
)


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """Append their folders to PATH; what is on it already comes first."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for variable, default, pattern in _MANAGERS:
        root = Path(os.environ.get(variable) or Path.home() / default)
        folders += [str(found) for found in sorted(root.glob(pattern)) if str(found) not in folders]
    os.environ["PATH"] = os.pathsep.join(folders)
