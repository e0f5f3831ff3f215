"""`ImageKitImageField`: pictures of models."""

from __future__ import annotations

import copy
import pickle
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from django.test.utils import isolate_apps

from imagekitio.contrib.browser_uploads import UploadRules
from imagekitio.contrib.django import ImageKitImageField, ImageKitStorage, ImageKitUploadField
from imagekitio.contrib.django.fields.form_fields import make_file_data
from tests.contrib.django.pictures import make_files, make_png
from tests.contrib.django.shop.models import Person, Shoe

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

pytestmark = pytest.mark.django_db

ShoeForm = modelform_factory(Shoe, fields=["name", "photo"])


@pytest.fixture
def client_of_account(account: LocalImageKit) -> ImageKit:
    return account.client()


def save_shoe(width: int = 40, height: int = 30) -> Shoe:
    return Shoe.objects.create(name="red", photo=ContentFile(make_png(width, height), "red.png"))


def get_field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def test_id_and_size_come_from_the_upload_response(account: LocalImageKit, client_of_account: ImageKit) -> None:
    before = len(account.requests)
    shoe = save_shoe()
    assert len(account.requests) == before + 1
    assert (shoe.photo_width, shoe.photo_height, shoe.photo.name) == (40, 30, "shoes/red.png")
    assert client_of_account.get_file_details(shoe.photo_id).file_path == "/shop/shoes/red.png"
    again = Shoe.objects.get()
    assert (again.photo_id, again.photo_width, again.photo_height) == (shoe.photo_id, 40, 30)


def test_the_details_of_a_saved_file_are_known_without_a_request(account: LocalImageKit) -> None:
    shoe = save_shoe()
    before = len(account.requests)
    assert (shoe.photo.width, shoe.photo.height, shoe.photo.size) == (40, 30, len(make_png(40, 30)))
    assert shoe.photo.file_id == shoe.photo_id
    assert shoe.photo.url.endswith("/shop/shoes/red.png")
    assert len(account.requests) == before


def test_loading_a_row_costs_no_request(account: LocalImageKit) -> None:
    Shoe.objects.create(name="red", photo="shoes/a.png")  # neither id nor size are known
    before = len(account.requests)
    shoe = Shoe.objects.get()
    shoe.refresh_from_db()
    assert Shoe.objects.defer("photo").get().name == "red"
    assert (shoe.photo.name, shoe.photo.file_id) == ("shoes/a.png", None)
    assert len(account.requests) == before


def test_the_size_is_requested_once_if_the_row_has_none(account: LocalImageKit) -> None:
    Shoe.objects.filter(pk=save_shoe().pk).update(photo_width=None, photo_id="")
    shoe = Shoe.objects.get()
    before = len(account.requests)
    assert (shoe.photo.width, shoe.photo.height) == (40, 30)
    assert len(account.requests) == before + 1


@pytest.mark.parametrize("has_pillow", [True, False])
def test_before_it_is_saved_a_picture_has_the_size_that_pillow_finds(
    monkeypatch: pytest.MonkeyPatch, account: LocalImageKit, has_pillow: bool
) -> None:
    if not has_pillow:
        monkeypatch.setitem(sys.modules, "PIL", None)
    shoe = Shoe(name="red", photo=ContentFile(make_png(40, 30), "red.png"))
    assert (shoe.photo.width, shoe.photo_width, shoe.photo_id) == ((40, 40, "") if has_pillow else (None, None, ""))
    assert shoe.photo.size == len(make_png(40, 30))
    assert len(account.requests) == 0
    shoe.save()
    assert (shoe.photo.width, shoe.photo_width) == (40, 40)


@pytest.mark.parametrize("has_id", [True, False])
def test_deleting_costs_one_request_with_the_id_and_two_without(account: LocalImageKit, has_id: bool) -> None:
    save_shoe()
    if not has_id:
        Shoe.objects.update(photo_id="")
    shoe = Shoe.objects.get()
    before = len(account.requests)
    shoe.photo.delete()
    assert len(account.requests) == before + (1 if has_id else 2)
    assert not shoe.photo
    assert (shoe.photo_id, shoe.photo_width) == ("", None)
    assert Shoe.objects.get().photo_height is None
    shoe.photo.delete()  # nothing left


def test_a_file_that_was_opened_is_closed_when_it_is_deleted() -> None:
    shoe = save_shoe()
    file = shoe.photo
    assert file.open().read() == make_png(40, 30)
    file.delete()
    assert file.closed


def test_a_replaced_file_is_deleted_by_its_own_id(client_of_account: ImageKit) -> None:
    save_shoe()
    shoe = Shoe.objects.get()
    old, old_id = shoe.photo, shoe.photo_id
    shoe.photo = ContentFile(make_png(10, 20), "blue.png")
    assert (shoe.photo_id, shoe.photo_width) == ("", 10)
    shoe.save()
    assert (shoe.photo_width, shoe.photo.width) == (10, 10)
    assert shoe.photo_id not in ("", old_id)
    old.delete(save=False)
    (left,) = client_of_account.list_files(path="/shop/shoes")
    assert left.name == "blue.png"


def test_a_copy_of_a_file_from_before_never_deletes_the_new_one(client_of_account: ImageKit) -> None:
    shoe = save_shoe()
    old = copy.copy(Shoe.objects.get().photo)
    old.instance = shoe
    shoe.photo = ContentFile(make_png(10, 20), "blue.png")
    shoe.save()
    old.delete(save=False)
    (left,) = client_of_account.list_files(path="/shop/shoes")
    assert left.name == "blue.png"


def test_a_file_of_another_row_comes_with_its_id_and_size(account: LocalImageKit) -> None:
    shoe, other = save_shoe(), Shoe(name="copy", photo="shoes/old.png")
    before = len(account.requests)
    other.photo = shoe.photo
    other.save()
    assert len(account.requests) == before
    assert (other.photo.name, other.photo_id, other.photo_width) == ("shoes/red.png", shoe.photo_id, 40)
    assert shoe.photo.instance is shoe


def test_a_row_that_is_loaded_again_keeps_id_and_size() -> None:
    shoe = save_shoe()
    Shoe.objects.update(photo="shoes/other.png", photo_id="b" * 24, photo_width=7)
    shoe.refresh_from_db()
    assert (shoe.photo.name, shoe.photo_id, shoe.photo_width) == ("shoes/other.png", "b" * 24, 7)


def test_an_uploaded_file_is_assigned_without_another_upload(
    account: LocalImageKit, client_of_account: ImageKit
) -> None:
    result = client_of_account.upload_file(file=make_png(9, 8), file_name="a.png", options={"folder": "/shop/x"})
    before = len(account.requests)
    shoe = Shoe.objects.create(name="a", photo=result)
    shoe.photo = make_file_data(result)
    shoe.save()
    assert len(account.requests) == before
    assert (shoe.photo.name, shoe.photo_id) == (f"x/{result.name}", result.file_id)
    again = Shoe.objects.get()
    assert (again.photo.width, again.photo.height, again.photo_id) == (9, 8, result.file_id)
    assert shoe.photo.size == result.size


def test_a_file_outside_of_the_storage_or_no_file_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="not below '/shop/'"):
        Shoe(photo={"file_id": "a", "file_path": "/elsewhere/a.png"})
    with pytest.raises(ValueError, match="needs file_id and file_path"):
        Shoe(photo={"id": "a"})


@pytest.mark.parametrize("way", ["update_fields", "update_or_create", "deferred"])
def test_a_picture_that_is_saved_alone_brings_its_id_and_size(client_of_account: ImageKit, way: str) -> None:
    old = save_shoe()
    new = ContentFile(make_png(8, 6), "new.png")
    if way == "update_or_create":
        Shoe.objects.update_or_create(pk=old.pk, defaults={"photo": new})
    else:
        shoe = Shoe.objects.get(pk=old.pk) if way == "update_fields" else Shoe.objects.only("photo").get(pk=old.pk)
        shoe.photo = new
        shoe.save(update_fields=["photo"] if way == "update_fields" else None)
    again = Shoe.objects.get()
    assert client_of_account.get_file_details(again.photo_id).file_path == "/shop/shoes/new.png"
    assert (again.photo_width, again.photo_height) == (8, 6)
    again.photo.delete()
    assert client_of_account.get_file_details(old.photo_id).file_path == "/shop/shoes/red.png"


def test_a_field_that_is_saved_alone_costs_no_further_query(django_assert_num_queries: Any) -> None:
    shoe = save_shoe()
    shoe.name = "blue"
    with django_assert_num_queries(1):
        shoe.save(update_fields=["name"])
    shoe = Shoe.objects.only("photo").get()
    with django_assert_num_queries(1):
        shoe.save()


@isolate_apps("tests.contrib.django.shop")
def test_proxies_and_children_of_a_model_get_id_and_size_of_what_was_uploaded_before(
    client_of_account: ImageKit,
) -> None:
    class Picture(models.Model):
        photo = ImageKitImageField(storage=ImageKitStorage("shop"), id_field="photo_id", width_field="photo_width")
        photo_id: models.CharField[str, str] = models.CharField(max_length=40)
        photo_width: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)

        class Meta:
            app_label = "shop"

    class Proxy(Picture):
        class Meta:
            app_label = "shop"
            proxy = True

    class Child(Picture):
        class Meta:
            app_label = "shop"

    result = client_of_account.upload_file(make_png(8, 6), "red.png", {"folder": "/shop"})
    for model in (Picture, Proxy, Child):
        picture: Any = model(photo=result)
        assert (picture.photo_id, picture.photo_width) == (result.file_id, result.width)


def test_candidates_are_no_wider_than_the_picture(account: LocalImageKit) -> None:
    shoe = save_shoe(300, 200)
    before = len(account.requests)
    attributes = shoe.photo.image(width=200, transformation=[{"quality": 80}])
    assert attributes.width == 200
    assert attributes.srcset is not None
    assert [part.split()[1] for part in attributes.srcset.split(", ")] == ["1x", "2x"]
    assert "/tr:q-80:w-300,c-at_max/shop/shoes/red.png" in attributes.src
    assert len(account.requests) == before
    with pytest.raises(ValueError, match="no file associated"):
        Shoe().photo.image(width=200)
    with pytest.raises(TypeError, match="did you mean 'transformation'"):
        shoe.photo.image(width=200, transformaton=[])


def test_an_instance_can_be_pickled_and_deferred() -> None:
    shoe = save_shoe()
    again = pickle.loads(pickle.dumps(shoe))
    assert (again.photo.name, again.photo.file_id, again.photo.width) == ("shoes/red.png", shoe.photo_id, 40)


def test_migrations_keep_the_arguments_that_concern_the_database() -> None:
    field = get_field(Person, "portrait")
    text, _ = MigrationWriter.serialize(get_field(Shoe, "photo"))
    assert text.startswith("imagekitio.contrib.django.ImageKitImageField(")
    assert "id_field='photo_id'" in text
    assert "width_field='photo_width'" in text
    _, path, _, kwargs = field.deconstruct()
    assert (path, kwargs.keys()) == ("imagekitio.contrib.django.ImageKitImageField", {"upload_to", "storage"})


def test_a_form_uploads_a_picture(account: LocalImageKit) -> None:
    form = ShoeForm({"name": "red"}, make_files(photo=SimpleUploadedFile("red.png", make_png(5, 6))))
    before = len(account.requests)
    assert form.is_valid(), form.errors
    assert len(account.requests) == before
    assert (form.save().photo_width, len(account.requests)) == (5, before + 1)
    assert 'accept="image/*"' in str(form["photo"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.4", "valid image"),
        (b"<html><p>svg</p></html>", "valid image"),
        (b"", "empty"),
        (make_png(4, 4) + b" " * 30_000, "too large"),
    ],
)
def test_a_form_refuses_a_file_that_is_not_a_picture_before_it_is_sent(
    account: LocalImageKit, settings: Any, content: bytes, problem: str
) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "max_bytes": 30_000}
    before = len(account.requests)
    form = ShoeForm({"name": "red"}, make_files(photo=SimpleUploadedFile("a.png", content, "image/png")))
    assert problem in str(form.errors["photo"])
    assert len(account.requests) == before


def test_a_form_keeps_the_picture_and_can_clear_it() -> None:
    shoe = save_shoe()
    kept = ShoeForm({"name": "new"}, instance=shoe).save()
    assert (kept.photo.name, kept.photo_width) == ("shoes/red.png", 40)
    cleared = ShoeForm({"name": "new", "photo-clear": "on"}, instance=shoe).save()
    assert (cleared.photo.name, cleared.photo_id, cleared.photo_width) == ("", "", None)


def test_your_own_form_field_gets_only_the_usual_arguments() -> None:
    from django import forms

    field = get_field(Shoe, "photo").formfield(form_class=forms.FileField)
    assert type(field) is forms.FileField


def test_a_model_field_with_rules_has_a_form_field_that_uploads_from_the_browser() -> None:
    field = get_field(Person, "portrait").formfield()
    assert isinstance(field, ImageKitUploadField)
    assert field.images_only


def test_checks_find_fields_that_are_missing_or_declared_too_early() -> None:
    with isolate_apps("tests.contrib.django.shop"):

        class Early(models.Model):
            photo_id: models.CharField[str, str] = models.CharField(max_length=40)
            photo_width: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
            photo = ImageKitImageField(
                storage=ImageKitStorage(), id_field="photo_id", width_field="photo_width", height_field="photo_hight"
            )

            class Meta:
                app_label = "shop"

        early_id, early_width, missing = get_field(Early, "photo").check()
    assert (early_id.id, early_width.id, missing.id) == ("imagekitio.E104", "imagekitio.W104", "imagekitio.E103")
    assert "declared before 'photo'" in early_id.msg
    assert "'photo_hight', which does not exist" in missing.msg


@pytest.mark.parametrize(
    ("storage", "rules", "problem"),
    [
        (FileSystemStorage(), UploadRules("/a"), "must be an ImageKitStorage"),
        (ImageKitStorage("media"), UploadRules("/media2"), "below the location"),
        (ImageKitStorage("media", private=True), UploadRules("/media/a"), "is_private_file"),
        (ImageKitStorage("media"), UploadRules("/media/a"), None),
        (ImageKitStorage(), UploadRules("/"), None),
        (ImageKitStorage("m", private=True), UploadRules("/m", options={"is_private_file": True}), None),
    ],
)
def test_checks_find_a_storage_that_does_not_fit(storage: Any, rules: UploadRules, problem: str | None) -> None:
    with isolate_apps("tests.contrib.django.shop"):

        class Wrong(models.Model):
            photo = ImageKitImageField(storage=storage, token_url="portrait-token", rules=rules)

            class Meta:
                app_label = "shop"

        found = get_field(Wrong, "photo").check()
    assert [problem in message.msg for message in found if problem] == ([True] if problem else [])
    assert bool(found) == bool(problem)


def test_another_storage_is_a_clear_error_when_it_is_used() -> None:
    with isolate_apps("tests.contrib.django.shop"):

        class Wrong(models.Model):
            photo = ImageKitImageField(storage=FileSystemStorage())

            class Meta:
                app_label = "shop"

        with pytest.raises(ImproperlyConfigured, match="must be an ImageKitStorage"):
            Wrong().photo.save("a.png", ContentFile(make_png(1, 1)))


def test_token_url_and_rules_belong_together() -> None:
    with pytest.raises(TypeError, match="belong together"):
        ImageKitImageField(token_url="portrait-token")
