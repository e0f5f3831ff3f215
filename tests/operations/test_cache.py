"""URLs with * that the service is known to refuse; none that it would accept is refused here."""

from __future__ import annotations

import pytest

from imagekitio.operations.cache import check_purge_url

BLOG = "https://ik.imagekit.io/acme/blog/"


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("https://ik.imagekit.io/acme/a.jpg", ""),
        ("https://ik.imagekit.io/acme/shop/", ""),
        ("https://ik.imagekit.io/acme/a.jpg*", ""),
        ("https://ik.imagekit.io/acme/shop/shoes*", ""),
        ("https://ik.imagekit.io/acme/fifteen_letter*", ""),
        ("https://ik.imagekit.io/acme/media/catalog*", ""),
        ("https://ik.imagekit.io/acme/media/catalog/a*", ""),
        ("https://images.example/shop/shoes/*", ""),
        (f"{BLOG}shop/shoes*", BLOG),
        # "blog" may be a folder or belong to another endpoint of the account; only the service knows.
        (f"{BLOG}shop*", ""),
        (f"{BLOG}media/catalog/*", "https://ik.imagekit.io/acme/"),
    ],
)
def test_a_url_that_the_service_may_accept_passes(url: str, prefix: str) -> None:
    check_purge_url(url, prefix=prefix)


@pytest.mark.parametrize(
    ("url", "prefix", "message"),
    [
        ("https://ik.imagekit.io/acme/*/a.jpg", "", "only at the very end"),
        ("https://ik.imagekit.io/acme/a.jpg**", "", "only at the very end"),
        ("https://ik.imagekit.io/acme/*", "", "too short"),
        ("https://ik.imagekit.io/acme/images*", "", "too short"),
        ("https://IK.imagekit.io/acme/images/*", "", "too short"),
        ("https://images.example/shop*", "", "too short"),
        ("https://images.example*", "", "too short"),
        (f"{BLOG}shop*", BLOG, "too short"),
        ("https://ik.imagekit.io/acme/media/catalog/*", "", "as in /media/catalog/shoes/"),
        ("https://images.example/s/files/*", "", "as in /s/files/shoes/"),
        (f"{BLOG}media/catalog/*", BLOG, "media/catalog/ cannot be purged together"),
    ],
)
def test_a_url_that_the_service_refuses_is_refused_with_a_hint(url: str, prefix: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_purge_url(url, prefix=prefix)
