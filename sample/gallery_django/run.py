"""The gallery in Django, from a clean clone, with one command: ``python3 sample/gallery_django/run.py``.

It runs on local ImageKit, so you need no account. It needs Python 3.10 or later and pip.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sample.gallery_common.launcher import launch

if __name__ == "__main__":
    sys.exit(launch("Django", "local,django"))
