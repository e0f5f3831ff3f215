"""The application in a project."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command


def test_the_application_has_its_own_label() -> None:
    assert apps.get_app_config("imagekitio").name == "imagekitio.contrib.django"


def test_a_project_with_it_passes_the_checks() -> None:
    call_command("check", fail_level="WARNING")
