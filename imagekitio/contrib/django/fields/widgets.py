"""The file input that uploads from the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.forms.widgets import FILE_INPUT_CONTRADICTION
from django.shortcuts import resolve_url
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile


class Submission(NamedTuple):
    """The data that a form submitted for an `ImageKitUploadField`.

    Attributes:
        file_ids: Ids of files that the browser uploaded.
        files: Files submitted with the form, by a browser without JavaScript.
    """

    file_ids: list[str]
    files: list[UploadedFile[Any]]


class ImageKitUploadInput(forms.ClearableFileInput):
    """A file input that uploads from the browser, with progress and preview; see ``upload.js``.

    Put ``{{ form.media }}`` in the page. Without JavaScript it is a plain file input. A Content-Security-Policy needs
    `connect-src` for the upload host, and ``img-src blob:`` for previews.

    Args:
        attrs: Attributes of the ``<input>``.
        texts: Texts by name, to replace the English ones: ``{"remove": _("Remove"), "retry": _("Try again")}``.
            ``upload.js`` lists the names, with the prefix ``text-``.
    """

    template_name = "imagekitio/widgets/upload_input.html"
    token_url: str = ""
    max_files: int = 1
    kept: Sequence[Mapping[str, Any]] = ()  # files to show again, because the form has an error elsewhere

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["imagekitio/upload.css"]}
        js: ClassVar[tuple[str, ...]] = ("imagekitio/upload.js",)

    def __init__(self, attrs: dict[str, Any] | None = None, texts: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.texts: dict[str, Any] = dict(texts or {})

    def get_id_name(self, name: str) -> str:
        """Return the name of the inputs that hold the ids of uploaded files."""
        return f"{name}-id"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            token_url=resolve_url(self.token_url),
            max_files=self.max_files,
            id_name=self.get_id_name(name),
            kept=self.kept,
            texts=self.texts,
        )
        context["widget"]["attrs"]["multiple"] = self.max_files > 1
        if self.kept:
            context["widget"]["attrs"].pop("required", None)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        file_ids = [file_id for file_id in _get_list(data, self.get_id_name(name)) if file_id]
        if value is False and file_ids:
            return FILE_INPUT_CONTRADICTION
        if value is False or value is FILE_INPUT_CONTRADICTION:
            return value
        uploads = _get_list(files, name) if self.max_files > 1 else [value] if value else []
        return Submission(file_ids, uploads) if file_ids or uploads else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and self.get_id_name(name) not in data


def _get_list(data: Mapping[str, Any], name: str) -> list[Any]:
    if isinstance(data, MultiValueDict):
        return data.getlist(name)
    value = data.get(name)  # a dict, as in tests
    return value if isinstance(value, list) else [] if value is None else [value]
