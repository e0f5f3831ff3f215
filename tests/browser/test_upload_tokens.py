"""The script of the README uploads with a token that binds every field, from a page of another origin."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conftest import Page

README = Path(__file__).parents[2] / "README.md"
_UPLOAD = (
    "; const [made, done] = arguments; upload(new File(['hello'], 'mine.txt'), made).then(done, (e) => done(`${e}`));"
)


def test_a_browser_posts_the_fields_as_they_were_signed(page: Page) -> None:
    (script,) = re.findall(r"^```js\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    page.driver.get(page.server.url.replace("127.0.0.1", "localhost") + "/openapi.json")  # has no policy of its own
    texts = ["one line", "a\nb", "a\rb\r\n\n", 'ü "quoted" & 😀', "\t"]
    for text in texts:
        made: Any = page.client.get_upload_token("shoe.txt", folder="/größe", description=text, tags=["a b", "ü"])
        answer: Any = page.driver.execute_async_script(script + _UPLOAD, made)
        assert answer.get("filePath", "").startswith("/größe/shoe_"), answer
        assert answer["description"] == made["fields"]["description"]
    made = page.client.get_upload_token("shoe.txt", folder="/a")
    answer = page.driver.execute_async_script(script + _UPLOAD, {**made, "fields": {**made["fields"], "folder": "/b"}})
    assert "does not match with the payload used to generate token" in answer["message"]
