"""Forms with files that the browser uploads, without a browser: what the server accepts and shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory, modelform_factory
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from imagekitio import ImageKit, InternalServerException
from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitStorage, ImageKitUploadField, UploadFormMixin, get_uploader_tag
from imagekitio.contrib.django.fields.widgets import Submission
from tests.contrib.django.pictures import make_files, make_png
from tests.contrib.django.shop.forms import PhotosForm, get_photo_rules
from tests.contrib.django.shop.models import PORTRAIT_RULES, Person

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

RULES = UploadRules("/photos", max_bytes=4_000_000, accept=["image/*"])


class PhotoForm(UploadFormMixin, forms.Form):
    title = forms.CharField()
    photo = ImageKitUploadField(token_url="/token/", rules=RULES, required=False)


def make_request(user: User | None = None) -> HttpRequest:
    request = HttpRequest()
    request.user = user or AnonymousUser()
    request.session = SessionStore()
    return request


@pytest.fixture
def request_() -> HttpRequest:
    return make_request(User(pk=7))


@pytest.fixture
def ik(account: LocalImageKit) -> ImageKit:
    return account.client()


def upload(ik: ImageKit, request: HttpRequest, name: str = "a.png", rules: UploadRules = RULES) -> str:
    """Upload as a browser does; return the id."""
    token = rules.make_token(ik, {"file_name": name}, tag=get_uploader_tag(request))
    answer = requests.post(token["url"], data=token["fields"], files={"file": make_png(8, 6)}, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["fileId"])


def make_data(*file_ids: str, name: str = "photos", **data: str) -> MultiValueDict[str, str]:
    return MultiValueDict({f"{name}-id": [*file_ids], **{key: [value] for key, value in data.items()}})


def test_the_form_has_the_file_as_json(ik: ImageKit, request_: HttpRequest, account: LocalImageKit) -> None:
    file_id = upload(ik, request_)
    before = len(account.requests)
    form = PhotoForm(make_data(file_id, name="photo", title="red"), request=request_)
    assert form.is_valid(), form.errors
    assert len(account.requests) == before + 1
    photo = json.loads(json.dumps(form.cleaned_data))["photo"]
    assert (photo["file_id"], photo["width"], photo["height"], photo["file_type"]) == (file_id, 8, 6, "image")
    assert photo["file_path"] == f"/photos/{photo['name']}"
    assert photo.keys() == {"file_id", "file_path", "name", "url", "size", "file_type", "width", "height"}


def test_several_files_are_a_list_in_the_order_of_the_form(ik: ImageKit, request_: HttpRequest) -> None:
    ids = [upload(ik, request_, name) for name in ("b.png", "a.png")]
    form = PhotosForm(make_data(*ids, ids[0], title="red"), request=request_)
    assert form.is_valid(), form.errors
    assert [file["file_id"] for file in form.cleaned_data["photos"]] == ids


def test_a_file_of_another_visitor_is_refused_like_one_that_does_not_exist(ik: ImageKit, request_: HttpRequest) -> None:
    strange = upload(ik, make_request())
    errors = {
        str(PhotosForm(make_data(one, title="red"), request=request_).errors["photos"])
        for one in (strange, "0" * 24, "../files", "x" * 5000, "ü")
    }
    assert len(errors) == 1
    assert "was not uploaded here" in errors.pop()


def test_a_form_that_was_open_while_the_secret_key_was_rotated_is_accepted(
    ik: ImageKit, request_: HttpRequest, settings: Settings
) -> None:
    file_id = upload(ik, request_)
    fallbacks = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    data = make_data(file_id, name="photo", title="red")
    assert "not uploaded here" in str(PhotoForm(data, request=request_).errors)
    settings.SECRET_KEY_FALLBACKS = fallbacks
    assert PhotoForm(data, request=request_).is_valid()
    strange = make_data(upload(ik, make_request(User(pk=8))), name="photo", title="red")
    assert "not uploaded here" in str(PhotoForm(strange, request=request_).errors)


def test_a_file_uploaded_under_other_rules_is_refused(ik: ImageKit, request_: HttpRequest) -> None:
    file_id = upload(ik, request_, rules=UploadRules("/elsewhere"))
    assert "not uploaded here" in str(PhotosForm(make_data(file_id), request=request_).errors)


def test_too_many_files_are_refused_before_anything_is_sent(account: LocalImageKit, request_: HttpRequest) -> None:
    before = len(account.requests)
    form = PhotosForm(make_data("1", "2", "3", "4", title="red"), request=request_)
    assert form.errors["photos"] == ["Upload at most 3 files."]
    assert len(account.requests) == before


def test_no_file_is_an_error_only_if_one_is_required(request_: HttpRequest) -> None:
    assert PhotosForm({"title": "red"}, request=request_).errors["photos"] == ["This field is required."]
    form = PhotoForm({"title": "red", "photo-id": ""}, request=request_)
    assert form.is_valid()
    assert form.cleaned_data["photo"] is None

    class OptionalForm(UploadFormMixin, forms.Form):
        photos = ImageKitUploadField(token_url="/token/", rules=RULES, required=False, max_files=2)

    optional = OptionalForm({}, request=request_)
    assert optional.is_valid()
    assert optional.cleaned_data["photos"] == []


def test_a_form_with_an_error_elsewhere_shows_the_files_again(ik: ImageKit, request_: HttpRequest) -> None:
    ids = [upload(ik, request_), upload(ik, make_request())]
    form = PhotosForm(make_data(*ids, title=""), request=request_)
    assert not form.is_valid()
    html = form["photos"].as_widget()
    assert f'name="photos-id" value="{ids[0]}" checked' in html
    assert ids[1] not in html  # refused
    assert "tr:w-96,h-96/photos/a_" in html
    assert " required" not in html
    assert " required" in PhotosForm(request=request_)["photos"].as_widget()
    assert "photos-id" not in PhotosForm(request=request_)["photos"].as_widget()


def test_the_widget_escapes_names_and_carries_what_the_script_needs(request_: HttpRequest) -> None:
    html = str(PhotosForm(request=request_)["photos"])
    assert '<imagekit-upload token-url="/photo-token/" max-files="3">' in html
    assert 'accept="image/*"' in html
    assert " multiple" in html
    assert " multiple" not in str(PhotoForm(request=request_)["photo"])
    form = PhotosForm(request=request_)
    form.fields["photos"].widget.texts = {"remove": '"><b>'}
    assert 'text-remove="&quot;&gt;&lt;b&gt;"' in str(form["photos"])
    assert "imagekitio/upload.js" in str(form.media)
    assert "imagekitio/upload.css" in str(form.media)


def test_without_javascript_the_server_uploads_by_the_same_rules(
    ik: ImageKit, request_: HttpRequest, account: LocalImageKit
) -> None:
    files = make_files(photo=SimpleUploadedFile("ü.png", make_png(8, 6), "image/png"))
    before = len(account.requests)
    form = PhotoForm({"title": ""}, files, request=request_)
    assert form.errors.keys() == {"title"}
    assert len(account.requests) == before + 1
    file_id = form.cleaned_data["photo"]["file_id"]
    assert f'value="{file_id}" checked' in str(form["photo"])
    again = PhotoForm(make_data(file_id, name="photo", title="red"), request=request_)
    assert again.is_valid(), again.errors
    assert get_uploader_tag(request_) in (ik.get_file_details(file_id).tags or [])


def test_a_new_file_replaces_the_one_that_was_shown_again(ik: ImageKit, request_: HttpRequest) -> None:
    files = make_files(photo=SimpleUploadedFile("b.png", make_png(3, 3), "image/png"))
    form = PhotoForm(make_data(upload(ik, request_), name="photo", title="red"), files, request=request_)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photo"]["width"] == 3


@pytest.mark.parametrize(
    ("content", "media_type", "problem"),
    [
        (b"", "image/png", "empty"),
        (b"%PDF-1.4", "application/pdf", "wrong type"),
        (b"%PDF-1.4", "image/png", "not accepted"),
        (b" " * 4_000_001, "image/png", "too large"),
    ],
)
def test_without_javascript_too_a_file_that_breaks_the_rules_is_an_error_of_the_form(
    ik: ImageKit, request_: HttpRequest, content: bytes, media_type: str, problem: str
) -> None:
    files = make_files(photo=SimpleUploadedFile("a.png", content, media_type))
    form = PhotoForm({"title": "red"}, files, request=request_)
    assert problem in str(form.errors["photo"])
    assert list(ik.list_files()) == []


def test_a_form_needs_the_request_when_it_is_shown(request_: HttpRequest) -> None:
    class Form(forms.Form):
        photo = ImageKitUploadField(token_url="/token/", rules=RULES)

    with pytest.raises(ImproperlyConfigured, match="UploadFormMixin"):
        str(Form())
    with pytest.raises(ImproperlyConfigured, match="UploadFormMixin"):
        Form.base_fields["photo"].clean(Submission(["1"], []))
    with pytest.raises(TypeError, match="request"):
        PhotoForm()  # type: ignore[call-arg]


def test_the_forms_of_a_formset_get_the_request_too(ik: ImageKit, request_: HttpRequest) -> None:
    file_id = upload(ik, request_)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-photo-id": file_id, "form-0-title": "red"}
    formset = formset_factory(PhotoForm)(data, form_kwargs={"request": request_})
    assert formset.is_valid(), formset.errors
    assert [form.cleaned_data.get("photo", {}).get("file_id") for form in formset] == [file_id, None]


def test_one_visitors_form_reveals_nothing_about_another_visitors(ik: ImageKit, request_: HttpRequest) -> None:
    first = PhotosForm(make_data(upload(ik, request_), title=""), request=request_)
    assert not first.is_valid()
    second = PhotosForm(request=make_request())
    assert "photos-id" not in str(second["photos"])
    assert first.fields["photos"].widget is not second.fields["photos"].widget


def test_when_the_service_is_down_its_error_is_raised(account: LocalImageKit, request_: HttpRequest) -> None:
    account.faults.add(status=500, times=9)
    with pytest.raises(InternalServerException):
        PhotosForm(make_data("0" * 24, title="red"), request=request_).is_valid()


def test_the_data_of_a_form_becomes_the_file_of_a_model(
    ik: ImageKit, request_: HttpRequest, account: LocalImageKit, db: None
) -> None:
    base = modelform_factory(Person, fields=["name", "portrait"])
    form_class: Any = type("PersonForm", (UploadFormMixin, base), {})
    file_id = upload(ik, request_, rules=PORTRAIT_RULES)
    form = form_class(make_data(file_id, name="portrait") | {"name": "Anna"}, request=request_)
    assert form.is_valid(), form.errors
    before = len(account.requests)
    person = form.save()
    assert len(account.requests) == before
    assert person.portrait.file_id == file_id
    again = form_class({"name": "Ben"}, instance=Person.objects.get(), request=request_)
    assert again.is_valid(), again.errors
    assert again.save().portrait.name == person.portrait.name
    assert f"/{person.portrait.name}" in str(again["portrait"])


def test_names_that_do_not_fit_the_column_are_refused(ik: ImageKit, request_: HttpRequest) -> None:
    field = ImageKitUploadField(token_url="/t/", rules=PORTRAIT_RULES, storage=ImageKitStorage("shop"), max_length=20)
    field.bind(request_)
    with pytest.raises(ValidationError, match="at most 20 characters"):
        field.clean(Submission([upload(ik, request_, "a" * 30 + ".png", PORTRAIT_RULES)], []))


def test_a_file_that_is_not_a_picture_is_refused(ik: ImageKit, request_: HttpRequest) -> None:
    rules = UploadRules("/photos")
    field = ImageKitUploadField(token_url="/t/", rules=rules, images_only=True)
    field.bind(request_)
    with pytest.raises(ValidationError, match="valid image"):
        field.clean(Submission([], [SimpleUploadedFile("a.png", b"%PDF-1.4", "image/png")]))
    stored = ik.upload_file(
        file=b"%PDF-1.4", file_name="a.pdf", options=rules.make_options(tag=get_uploader_tag(request_))
    )
    with pytest.raises(ValidationError, match="valid image"):
        field.clean(Submission([stored.file_id], []))


def test_clearing_and_uploading_at_once_is_a_contradiction(request_: HttpRequest) -> None:
    form = PhotoForm({"title": "red", "photo-id": "1", "photo-clear": "on"}, request=request_)
    assert "not both" in str(form.errors["photo"])
    form = PhotoForm({"title": "red", "photo-clear": "on"}, request=request_)
    assert form.is_valid()
    assert form.cleaned_data["photo"] is False


@pytest.mark.parametrize(
    ("arguments", "error", "problem"),
    [
        ({"rules": None}, TypeError, "rules must be"),
        ({"max_files": 0}, ValueError, "max_files"),
        ({"token_url": ""}, ValueError, "token_url"),
        ({"widget": forms.FileInput}, TypeError, "must be an ImageKitUploadInput"),
    ],
)
def test_wrong_arguments_are_refused(arguments: Any, error: type[Exception], problem: str) -> None:
    with pytest.raises(error, match=problem):
        ImageKitUploadField(**{"token_url": "/t/", "rules": RULES, **arguments})


@pytest.mark.parametrize(
    ("rules", "storage", "problem"),
    [
        (lambda _: None, None, "rules must return UploadRules"),
        (get_photo_rules, ImageKitStorage("shop"), "below the location"),
        (get_photo_rules, ImageKitStorage(private=True), "is_private_file"),
    ],
)
def test_rules_that_do_not_fit_are_found_when_the_form_is_made(
    request_: HttpRequest, rules: Any, storage: Any, problem: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=problem):
        ImageKitUploadField(token_url="/t/", rules=rules, storage=storage).bind(request_)
