"""Form fields: for files that the browser uploads directly to the service, and for pictures sent with the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypedDict, cast

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import ngettext_lazy

from ....exceptions import ImageKitException
from ...browser_uploads import UploadRules, refuse_unknown_ids
from ...errors import UploadRefusedError, answer_for
from ..configuration import get_client
from ..uploaders import get_fallback_tags, get_uploader_tag
from .image_formats import is_image
from .widgets import ImageKitUploadInput, Submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.storage import Storage
    from django.core.files.uploadedfile import UploadedFile
    from django.forms import BaseForm
    from django.forms.boundfield import BoundField
    from django.http import HttpRequest

    from ....client import ImageKit
    from ....models.files import FileResult
    from ....models.uploads import UploadFileResult
    from ..storages.storage import ImageKitStorage

_THUMBNAIL_PIXELS = 96  # twice the size at which it is shown


class FileData(TypedDict):
    """An uploaded file in `cleaned_data`, as JSON for a session, a task or a `JSONField`.

    file_id: Id of the file.
    file_path: Path in the media library.
    name: Name of the file, the last part of the path.
    url: URL of the file; a private one needs a signed URL.
    size: Size in bytes.
    file_type: ``image`` or ``non-image``.
    width, height: Size in pixels; None unless the file is an image or a video.
    """

    file_id: str
    file_path: str
    name: str
    url: str
    size: int | None
    file_type: str
    width: int | None
    height: int | None


def make_file_data(file: FileResult | UploadFileResult) -> FileData:
    """Return the data that a form keeps about a file."""
    return {
        "file_id": file.file_id,
        "file_path": file.file_path,
        "name": file.name,
        "url": file.url,
        "size": file.size,
        "file_type": file.file_type,
        "width": file.width,
        "height": file.height,
    }


class _Binding(NamedTuple):
    """The rules and the visitor for which a field accepts files."""

    rules: UploadRules
    tag: str
    fallback_tags: list[str]


class ImageKitUploadField(forms.FileField):
    """A field for files that the browser uploads directly to ImageKit; the form submits only their ids.

    ::

        def get_rules(request):
            return UploadRules(f"/users/{request.user.pk}", max_bytes=5_000_000, accept=["image/*"])

        class PhotoTokenView(UploadTokenView):
            def get_upload_rules(self, request):
                return get_rules(request)

        class PhotoForm(UploadFormMixin, forms.Form):
            photos = ImageKitUploadField(token_url="photo-token", rules=get_rules, max_files=5)

        form = PhotoForm(request.POST or None, request.FILES or None, request=request)

    The form needs the request, because it accepts only files that this visitor uploaded under these rules. It looks up
    each file by its id, which costs one request per file. A file submitted with the form, by a browser without
    JavaScript, is uploaded under the same rules. If another field has an error, the form shows the files again, so they
    need not be uploaded twice. `cleaned_data` has a `FileData`, or a list of them if `max_files` is above 1. A
    `FileData` is JSON, and can be assigned to an `ImageKitImageField`.

    Problems that the visitor can fix become form errors. If the service fails, its exception is raised.

    Args:
        token_url: Path or name of the URL of an `UploadTokenView` with the same rules.
        rules: An `UploadRules`, or a function of the request that returns one.
        max_files: Maximum number of files.
        storage: The `ImageKitStorage` of the files, if they belong to a model; its client is used.
        images_only: Whether to refuse files that the service does not treat as images.
        kwargs: Arguments of `forms.FileField`.
    Raises:
        TypeError, ValueError: An argument is not valid.
    """

    widget = ImageKitUploadInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_image": forms.ImageField.default_error_messages["invalid_image"],
        "max_files": ngettext_lazy("Upload at most %(max)d file.", "Upload at most %(max)d files.", "max"),
    }
    rules: UploadRules | Callable[[HttpRequest], UploadRules]
    max_files: int
    storage: Storage | None
    images_only: bool

    def __init__(
        self,
        *,
        token_url: str,
        rules: UploadRules | Callable[[HttpRequest], UploadRules],
        max_files: int = 1,
        storage: Storage | None = None,
        images_only: bool = False,
        **kwargs: Any,
    ) -> None:
        given: object = rules
        if not (isinstance(given, UploadRules) or callable(given)):
            raise TypeError(f"rules must be UploadRules, or a function that returns one (got {type(given).__name__})")
        if not isinstance(max_files, int) or isinstance(max_files, bool) or max_files < 1:
            raise ValueError(f"max_files must be an int of at least 1 (got {max_files!r})")
        if not isinstance(token_url, str) or not token_url:
            raise ValueError(f"token_url must be a path or the name of a URL (got {token_url!r})")
        super().__init__(**kwargs)
        widget: object = self.widget  # from `kwargs`, or that of the class
        if not isinstance(widget, ImageKitUploadInput):
            raise TypeError(f"widget must be an ImageKitUploadInput (got {type(widget).__name__})")
        self.rules = rules
        self.max_files = max_files
        self.storage = storage
        self.images_only = images_only
        self.widget.token_url = token_url
        self.widget.max_files = max_files
        if isinstance(rules, UploadRules):
            self._set_accept(rules)
        self._binding: _Binding | None = None

    def bind(self, request: HttpRequest) -> None:
        """Accept files uploaded by the visitor who sent `request`. Only for the field of one form, `form.fields[…]`.

        Raises:
            ImproperlyConfigured: The request has no session, or the rules do not fit the storage.
        """
        rules: Any = self.rules if isinstance(self.rules, UploadRules) else self.rules(request)
        if not isinstance(rules, UploadRules):
            raise ImproperlyConfigured(f"rules must return UploadRules (got {type(rules).__name__})")
        if self.storage is not None and (problem := find_conflict(rules, self.storage)):
            raise ImproperlyConfigured(problem)
        self._set_accept(rules)
        self._binding = _Binding(rules, get_uploader_tag(request), get_fallback_tags(request))

    def _set_accept(self, rules: UploadRules) -> None:
        accept = rules.accept or (("image/*",) if self.images_only else ())
        if accept:
            self.widget.attrs["accept"] = ",".join(accept)

    def get_bound_field(self, form: BaseForm, field_name: str) -> BoundField:
        self._get_binding()  # fails when the form is shown, not only when it is submitted
        return super().get_bound_field(form, field_name)

    def _get_binding(self) -> _Binding:
        if self._binding is None:
            raise ImproperlyConfigured(
                "The form of an ImageKitUploadField must know who uploads: derive it from UploadFormMixin and pass"
                " request=request (formsets: form_kwargs={'request': request}; the admin: ImageKitAdminMixin)."
            )
        return self._binding

    def _get_client(self) -> ImageKit:
        if self.storage is None:
            return get_client()
        client: ImageKit = self.storage.client  # type: ignore[attr-defined]
        return client

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as JSON: a `FileData`, or a list of them with `max_files` above 1.

        Raises:
            ValidationError: A file is missing or not accepted, or there are too many.
            ImproperlyConfigured: The form does not know who uploads.
            ImageKitException: The service failed.
        """
        if not isinstance(data, Submission):
            value = super().clean(data, initial)
            return [] if value is None and self.max_files > 1 else value
        # One new file replaces the old one, which a form without JavaScript sends as well.
        file_ids = [] if self.max_files == 1 and data.files else [*dict.fromkeys(data.file_ids)]
        if len(file_ids) + len(data.files) > self.max_files:
            raise ValidationError(self.error_messages["max_files"], code="max_files", params={"max": self.max_files})
        accepted: list[FileData] = []
        errors: list[ValidationError] = []
        submitted: list[str | UploadedFile[Any]] = [*file_ids, *data.files]
        for given in submitted:
            try:
                accepted.append(self._read_file(given) if isinstance(given, str) else self._upload(given))
            except ValidationError as error:
                errors.append(error)
        self.widget.kept = [{**file, "thumbnail": self._make_thumbnail(file)} for file in accepted]
        if errors:
            raise ValidationError(errors)
        value = accepted if self.max_files > 1 else accepted[0]
        self.run_validators(value)
        return value

    def _read_file(self, file_id: str) -> FileData:
        binding = self._get_binding()
        try:
            with refuse_unknown_ids():
                file = self._get_client().get_file_details(file_id)
            binding.rules.check_file(file, tag=binding.tag, fallback_tags=binding.fallback_tags)
        except (UploadRefusedError, ImageKitException) as error:
            raise _make_form_error(error) from error
        return self._accept(file)

    def _upload(self, upload: UploadedFile[Any]) -> FileData:
        binding, content = self._get_binding(), cast("Any", upload)  # the stubs hide that it is a file
        self.to_python(upload)
        if self.images_only and not is_image(upload):
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image")
        try:
            binding.rules.check_announced(upload.size, upload.content_type)
            options = binding.rules.make_options(tag=binding.tag)
            file = self._get_client().upload_file(content, upload.name or "", options)
        except (UploadRefusedError, ImageKitException) as error:
            raise _make_form_error(error) from error
        return self._accept(file)

    def _accept(self, file: FileResult | UploadFileResult) -> FileData:
        if self.images_only and file.file_type != "image":
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image")
        stored = self.storage.get_name(file.file_path) if self.storage is not None else file.name  # type: ignore[attr-defined]
        if self.max_length is not None and len(stored) > self.max_length:
            params = {"max": self.max_length, "length": len(stored)}
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=params)
        return make_file_data(file)

    def _make_thumbnail(self, file: FileData) -> str:
        if file["file_type"] != "image":
            return ""
        step = {"width": _THUMBNAIL_PIXELS, "height": _THUMBNAIL_PIXELS}
        signature = {"signed": True, "expire_seconds": 3600} if _is_private(self._get_binding().rules) else {}
        return self._get_client().url({"path": file["file_path"], "transformation": [step], **signature})


def find_conflict(rules: UploadRules, storage: Storage) -> str | None:
    """Return why files uploaded under these rules cannot belong to this storage; None if they can."""
    given: ImageKitStorage = storage  # type: ignore[assignment]
    location = "/" + given.location
    if not (rules.folder + "/").startswith(location.rstrip("/") + "/"):
        return (
            f"The folder of the rules must be below the location of the storage, {location!r} (got {rules.folder!r})."
        )
    if given.options.private and not _is_private(rules):
        return "The storage is private: the rules need options={'is_private_file': True}."
    return None


def _is_private(rules: UploadRules) -> bool:
    return rules.options.get("is_private_file") is True


def _make_form_error(error: UploadRefusedError | ImageKitException) -> ValidationError:
    """Return a form error if the visitor can fix the problem; re-raise any other error."""
    answer = answer_for(error)
    if answer is None or answer.status >= 500:
        raise error
    return ValidationError(answer.message, code="refused")


class UploadFormMixin:
    """Mixin for a form with `ImageKitUploadField` fields; it takes the request, so that it knows who uploads.

    ::

        class PhotoForm(UploadFormMixin, forms.ModelForm): ...

        class PhotoView(CreateView):
            form_class = PhotoForm

            def get_form_kwargs(self):
                return {**super().get_form_kwargs(), "request": self.request}

    Args:
        request: The request that shows or submits the form.
        args, kwargs: Arguments of the form.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for field in fields.values():
            if isinstance(field, ImageKitUploadField):
                field.bind(request)


class ImageKitImageFormField(forms.FileField):
    """The form field of an `ImageKitImageField`, for a picture sent with the form.

    It does not need Pillow: it recognizes pictures by their first bytes.

    Args:
        storage: The `ImageKitStorage` of the model field, whose `max_bytes` applies.
        kwargs: Arguments of `forms.FileField`.
    """

    default_error_messages: ClassVar[dict[str, Any]] = ImageKitUploadField.default_error_messages

    def __init__(self, *, storage: Storage | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.storage = storage

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        if self.storage is not None:
            self.storage.check_content(file)  # type: ignore[attr-defined]
        if not is_image(file):
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image")
        return file

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.FileInput) and "accept" not in widget.attrs:
            attrs.setdefault("accept", "image/*")
        return attrs
