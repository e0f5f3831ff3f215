"""The script in the guide to browser uploads, run from another origin with a token that signs every field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conftest import Page

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "browser-uploads.md"
# Replaces the view that hands out tokens: the script gets the token in the first argument from its usual address.
_UPLOAD = """;
const [token, done] = arguments;
const send = window.fetch.bind(window);
window.fetch = async (url, options) => (url === "/upload-token" ? Response.json(token) : send(url, options));
upload(new File(["hello"], "mine.txt"))
  .then(done, (error) => done({ message: error.message }))
  .finally(() => { window.fetch = send; });
"""


def test_a_browser_posts_the_fields_as_they_were_signed(page: Page) -> None:
    (script,) = re.findall(r"^```js\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    page.driver.get(
        page.server.url.replace("127.0.0.1", "localhost") + "/openapi.json"
    )  # has no content security policy
    texts = ["one line", "a\nb", "a\rb\r\n\n", 'ü "quoted" & 😀', "\t"]
    for text in texts:
        made: Any = page.client.get_upload_token("shoe.txt", folder="/größe", description=text, tags=["a b", "ü"])
        answer: Any = page.driver.execute_async_script(script + _UPLOAD, made)
        assert answer.get("filePath", "").startswith("/größe/shoe_"), answer
        assert answer["description"] == made["fields"]["description"]
    made = page.client.get_upload_token("shoe.txt", folder="/a")
    answer = page.driver.execute_async_script(script + _UPLOAD, {**made, "fields": {**made["fields"], "folder": "/b"}})
    assert "does not match with the payload used to generate token" in answer["message"]
