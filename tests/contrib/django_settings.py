"""What the projects of Django that the tests set up have in common."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit


def set_up_project(**own: Any) -> None:
    """Configure Django with its usual middleware and templates, a database in memory, and `own` settings."""
    # At the end, so that an installed package comes first.
    sys.path.append(str(Path(__file__).parents[2]))
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        SECRET_KEY="of the tests",
        STATIC_URL="/static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        USE_TZ=True,
        **own,
    )
    django.setup()


def make_account(server: LocalImageKit) -> dict[str, str]:
    """Return the setting ``IMAGEKIT`` for local ImageKit."""
    return {name.removeprefix("IMAGEKIT_").lower(): text for name, text in server.environment.items()}
