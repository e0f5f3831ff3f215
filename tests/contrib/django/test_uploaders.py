"""The tag of a visitor: the same for all uploads of one visitor, and different for everyone else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from imagekitio.contrib.django.uploaders import get_fallback_tags, get_uploader_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from pytest_django import Settings


def make_request(user: User | AnonymousUser | None = None, session: SessionBase | None = None) -> HttpRequest:
    request = HttpRequest()
    request.user = AnonymousUser() if user is None else user
    request.session = SessionStore() if session is None else session
    return request


def test_a_user_has_the_same_tag_in_each_session() -> None:
    user = User(pk=7)
    assert get_uploader_tag(make_request(user)) == get_uploader_tag(make_request(user))
    assert get_uploader_tag(make_request(User(pk=8))) != get_uploader_tag(make_request(user))


def test_an_anonymous_visitor_keeps_the_tag_while_the_session_lasts() -> None:
    request = make_request()
    tag = get_uploader_tag(request)
    request.session.save()
    again = SessionStore(request.session.session_key)
    assert get_uploader_tag(make_request(session=again)) == tag
    assert get_uploader_tag(make_request()) != tag


def test_a_visitor_and_a_user_of_the_same_id_differ() -> None:
    session = SessionStore()
    session["_imagekitio_uploader"] = "7"
    assert get_uploader_tag(make_request(session=session)) != get_uploader_tag(make_request(User(pk=7)))


@pytest.mark.parametrize("make", [lambda: make_request(User(pk=7)), make_request])
def test_after_a_rotation_of_keys_the_earlier_tags_are_known(
    settings: Settings, make: Callable[[], HttpRequest]
) -> None:
    request = make()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    first = get_uploader_tag(request)
    assert get_fallback_tags(request) == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = b"second", ["first"]
    second = get_uploader_tag(request)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "third", [b"second", "first"]
    assert get_fallback_tags(request) == [second, first]
    assert get_uploader_tag(request) not in {first, second}


@pytest.mark.parametrize(
    ("fallbacks", "error"), [("secret", "must be a list"), ([""], "is empty"), ([None], "str or bytes")]
)
def test_earlier_keys_that_are_not_valid_are_refused(settings: Settings, fallbacks: object, error: str) -> None:
    settings.SECRET_KEY_FALLBACKS = fallbacks
    with pytest.raises(ImproperlyConfigured, match=f"SECRET_KEY_FALLBACKS is not valid: .*{error}"):
        get_fallback_tags(make_request(User(pk=7)))


def test_a_request_without_a_session_names_the_middleware() -> None:
    with pytest.raises(ImproperlyConfigured, match="SessionMiddleware"):
        get_uploader_tag(HttpRequest())


def test_a_user_without_a_primary_key_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="no primary key"):
        get_uploader_tag(make_request(User()))
