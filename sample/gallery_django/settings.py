"""Settings of the gallery; the keys come from the environment: IMAGEKIT_PRIVATE_KEY, …"""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).parent

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
SECRET_KEY = secrets.token_hex()  # a restart logs everybody out

INSTALLED_APPS = [
    "sample.gallery_django",  # first, so that its error page replaces that of imagekitio
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "imagekitio.contrib.django",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "imagekitio.contrib.django.middleware.ImageKitErrorMiddleware",
]
ROOT_URLCONF = "sample.gallery_django.urls"
LOGIN_URL = "show"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["GALLERY_DATABASE"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": {
        "BACKEND": "imagekitio.contrib.django.ImageKitStorage",
        "OPTIONS": {"location": "gallery", "private": True},  # signed URLs that expire
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR.parent / "gallery_common" / "static"]
