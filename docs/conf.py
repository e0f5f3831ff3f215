"""Configuration of Sphinx; ``tox -e docs`` builds the site."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))
settings.configure(INSTALLED_APPS=["imagekitio.contrib.django"], USE_TZ=True)  # needed to import the fields
django.setup()

project = "imagekitio"
author = "The imagekitio authors"
project_copyright = "The imagekitio authors"
release = version = version_of("imagekitio")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "names",
    "rendered",
    "transformation_tables",
]
exclude_patterns = ["_build", "_rendered"]
nitpicky = True
suppress_warnings = ["ref.python"]  # `list` in an annotation is the builtin, not one of the methods with that name

# Single backticks in docstrings become a link if the name is documented, and code if it is not, such as an argument.
default_role = "py:obj"
nitpick_ignore_regex = [
    ("py:obj", ".*"),
    # Without a network there are no inventories of other libraries, and not all types of arguments are documented.
    ("py:(class|data|exc|func|meth|mod|attr)", r"(?!imagekitio\.).*"),
]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 4

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 100
python_use_unqualified_type_names = True
add_module_names = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"imagekitio {release}"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
copybutton_prompt_text = "$ "
