from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "tests.contrib.django.archive"
    default_auto_field = "django.db.models.AutoField"
