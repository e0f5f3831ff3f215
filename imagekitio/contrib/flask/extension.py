"""`ImageKit`, the Flask extension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from ...client import ImageKit as Client
from ..errors import UploadRefusedError
from ..events import MemoryEventStore
from .assets import register_assets
from .bodies import open_body
from .browsers import check_upload, get_anonymous_uploader, make_token_blueprint, read_permission
from .errors import register_error_handlers
from .pictures import register_pictures
from .uploads import upload_by_rules, upload_from_form
from .webhooks import Receivers, make_webhook_blueprint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from flask import Blueprint, Flask
    from typing_extensions import Unpack
    from werkzeug.datastructures import FileStorage

    from ...models.files import FileResult
    from ...models.uploads import UploadFileKeywords, UploadFileResult
    from ..browser_uploads import UploadRules
    from ..events import EventStore
    from .webhooks import ReceiverT

_EXTENSION = "imagekit"
_PREFIX = "IMAGEKIT_"


class ImageKit:
    """Flask extension for one application, or for several whose factories call `init_app`.

    ::

        imagekit = ImageKit()

        def create_app():
            app = Flask(__name__)
            app.config.from_prefixed_env()
            imagekit.init_app(app)
            return app

    The settings are the arguments of `imagekitio.ImageKit` in upper case: ``IMAGEKIT_PRIVATE_KEY``,
    ``IMAGEKIT_URL_ENDPOINT``, ``IMAGEKIT_TIMEOUT``, …. Missing keys are taken from the environment.

    Works in asynchronous views too, because Flask runs each in a thread, where calls may block.

    Args:
        app: Application to initialize immediately.
        error_handlers: Whether ImageKit errors that no view handles get their own status instead of 500; see
            `errors.register_error_handlers`.
    """

    def __init__(self, app: Flask | None = None, *, error_handlers: bool = True) -> None:
        self._error_handlers = error_handlers
        self._receivers = Receivers()
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Read the configuration of an application, and add functions for templates and error handlers.

        Later changes to the configuration have no effect. Sends nothing.

        Raises:
            RuntimeError: The application is already initialized.
            TypeError: A setting is unknown or has the wrong type; the message suggests the nearest name.
            ValueError: The private key is missing, or a setting is not valid.
        """
        if _EXTENSION in app.extensions:
            raise RuntimeError("this application already has an ImageKit: call init_app() once")
        client = _make_client(app.config)
        app.extensions[_EXTENSION] = client
        register_pictures(app, client)
        register_assets(app)
        if self._error_handlers:
            register_error_handlers(app)

    @property
    def client(self) -> Client:
        """The client of the current application.

        All threads share it, and it keeps working after `fork`. The first request opens its connections, which stay
        open until the process ends or you call ``client.close()``.

        Raises:
            RuntimeError: There is no current application, or it is not initialized.
        """
        client: Client | None = current_app.extensions.get(_EXTENSION)
        if client is None:
            raise RuntimeError("the current application has no ImageKit: call init_app(app) first")
        return client

    def upload(
        self,
        file: FileStorage | None,
        *,
        file_name: str | None = None,
        max_bytes: int | None = None,
        **options: Unpack[UploadFileKeywords],
    ) -> UploadFileResult:
        """Upload a file of a submitted form.

        ::

            imagekit.upload(request.files.get("photo"), folder="/photos", max_bytes=10_000_000)

        The whole file is sent, even if part of it has already been read. It is streamed, so memory use does not grow
        with its size.

        Args:
            file: The file, or None if the form had none.
            file_name: Name of the file (default: the name that the browser sent, without folders).
            max_bytes: Maximum size in bytes, checked before anything is sent. By then, the application has received the
                file; Flask's ``MAX_CONTENT_LENGTH`` stops larger ones earlier.
            options: Options of `imagekitio.ImageKit.upload_file`: `folder`, `tags`, `is_private_file`, …
        Returns:
            The uploaded file: `file_id`, `name`, `file_path`, `url`, `size`, …
        Raises:
            UploadTooLargeError: The file is larger than `max_bytes`.
            UploadRefusedError: No file was chosen, or it has no name.
            EmptyFileError: The file is empty.
            TypeError, ValueError: An argument is not valid, or visitors could replace files because they choose the
                name, `use_unique_file_name` is False, and `overwrite_file` is not given.
            ImageKitException: The upload failed.
        """
        return upload_from_form(self.client, file, file_name=file_name, max_bytes=max_bytes, **options)

    def upload_body(
        self, file_name: str, *, max_bytes: int | None = None, **options: Unpack[UploadFileKeywords]
    ) -> UploadFileResult:
        """Upload the body of the current request.

        ::

            @app.put("/photos/<name>")  # for fetch(`/photos/${file.name}`, {method: "PUT", body: file})
            def put_photo(name):
                return {"url": imagekit.upload_body(name, folder="/photos", max_bytes=10_000_000).url}

        The body is read once, into memory up to 1 MiB and into a temporary file beyond that, and then sent, so an
        incomplete body never reaches the service.

        Args:
            file_name: Name of the file.
            max_bytes: Maximum size in bytes. A larger body is refused by its ``Content-Length``, or as soon as that
                much has been read.
            options: Options of `imagekitio.ImageKit.upload_file`.
        Returns:
            The uploaded file.
        Raises:
            UploadTooLargeError: The body is larger than `max_bytes`.
            UploadRefusedError: The name is blank.
            EmptyFileError: The body is empty, or has already been read, as that of a form is.
            werkzeug.exceptions.ClientDisconnected: The body is incomplete.
            werkzeug.exceptions.LengthRequired: The body comes in chunks, which the server does not support.
            TypeError, ValueError: An argument is not valid.
            ImageKitException: The upload failed.
        """
        if isinstance(file_name, str) and not file_name.strip():
            raise UploadRefusedError("The file has no name.")  # visitors may choose it in the path
        return self.client.upload_file(open_body(max_bytes), file_name, **options)

    def token_blueprint(
        self,
        authorize: Callable[[], tuple[UploadRules, str] | Awaitable[tuple[UploadRules, str]]],
        *,
        name: str = "imagekit_tokens",
    ) -> Blueprint:
        """Return a blueprint that gives browsers tokens to upload directly to the service.

        ::

            def authorize():
                if not current_user.is_authenticated:
                    abort(401, "Please log in to upload files.")
                rules = UploadRules(f"/users/{current_user.id}", max_bytes=10_000_000, accept=["image/*"])
                return rules, str(current_user.id)

            app.register_blueprint(imagekit.token_blueprint(authorize))

        Its only route accepts a POST of ``{"file_name": "a.jpg", "size": 1234, "type": "image/jpeg"}`` at
        ``/imagekit/upload-token``, or at the `url_prefix` of `register_blueprint`; the element ``<imagekit-upload>``
        sends it, see `assets`. The response is the result of `imagekitio.ImageKit.get_upload_token`, or
        ``{"message": "…"}``.

        Pages of other sites get no token, because the request must be JSON, which a browser sends to another site only
        if that site permits it. You can also use Flask-WTF's ``CSRFProtect``; the element sends its token.

        Args:
            authorize: Function that decides whether the visitor may upload: it returns the rules and the id of the user
                as a str, or calls `abort`. If visitors who have not logged in may upload to your account, return
                `get_anonymous_uploader()` as the id. May be asynchronous.
            name: Name of the blueprint, the first part of its endpoint ``imagekit_tokens.create_token``.
        Raises:
            TypeError: `authorize` is not a function.
        """
        return make_token_blueprint(lambda: self.client, authorize, name)

    def get_anonymous_uploader(self) -> str:
        """Return the id of a visitor who has not logged in: a random one, kept in the session.

        Raises:
            RuntimeError: The application has no ``SECRET_KEY``, so there is no session.
        """
        return get_anonymous_uploader()

    def check_upload(self, file_id: object, rules: UploadRules, uploader: str) -> FileResult:
        """Return the file with an id that a browser sent, if this visitor uploaded it. Costs one request.

        ::

            photo = imagekit.check_upload(request.form.get("photo-id"), *authorize())

        Args:
            file_id: The id, as the browser sent it.
            rules: The rules for which the visitor got the token.
            uploader: The id of the user, as for the token.
        Returns:
            The file.
        Raises:
            UploadTooLargeError: The file is too large.
            UploadRefusedError: There is no such file, it is in another folder, has the wrong type, or was uploaded by
                another visitor.
            TypeError, ValueError: `rules` or `uploader` is not valid.
            RuntimeError: The application has no ``SECRET_KEY``.
            ImageKitException: The request failed.
        """
        return check_upload(self.client, file_id, rules, uploader)

    def upload_by_rules(self, file: FileStorage | None, rules: UploadRules, uploader: str) -> UploadFileResult:
        """Upload a file of a submitted form under the same rules as uploads from the browser.

        This makes forms work without JavaScript too::

            if request.form.get("photo-id"):
                photo = imagekit.check_upload(request.form["photo-id"], *authorize())
            else:
                photo = imagekit.upload_by_rules(request.files.get("photo"), *authorize())

        The service checks the type of the content; if it refuses it, a `BadRequestException` is raised.

        Args:
            file: The file, or None if the form had none.
            rules: Folder, size and types.
            uploader: The id of the user, as for tokens.
        Returns:
            The uploaded file.
        Raises:
            UploadTooLargeError: The file is larger than the rules allow.
            UploadRefusedError: No file was chosen, or it is empty, has no name or has the wrong type.
            TypeError, ValueError: `rules` or `uploader` is not valid.
            RuntimeError: The application has no ``SECRET_KEY``.
            ImageKitException: The upload failed.
        """
        _, tag = read_permission((rules, uploader))
        return upload_by_rules(self.client, file, rules, tag)

    def webhook_blueprint(self, *, store: EventStore | None = None, name: str = "imagekit_webhook") -> Blueprint:
        """Return a blueprint that receives webhooks and calls the functions of `on_webhook`.

        ::

            app.register_blueprint(imagekit.webhook_blueprint())

        Its only route accepts a POST at ``/imagekit/webhook``, or at the `url_prefix` of `register_blueprint`. The
        secret is ``IMAGEKIT_WEBHOOK_SECRET``, in the configuration or in the environment; without it, registering
        raises a ValueError. The signature replaces a login: exempt the blueprint from Flask-WTF's ``CSRFProtect``.

        Responses: 200 if the event is handled, or was before; 400 for a request that the service did not send (the
        reason is only logged, as a warning); 503 while the same event is being handled. If a function raises an error,
        the response is a 500, the event counts as not handled, and the service resends it for up to 18 hours: a
        function must be able to handle an event twice. The service waits 30 seconds for a response, so hand long work
        to a task queue.

        Args:
            store: Store that detects duplicates (default: a `MemoryEventStore`, which is enough for one process).
            name: Name of the blueprint.
        """
        return make_webhook_blueprint(
            lambda: self.client, self._receivers, MemoryEventStore() if store is None else store, name
        )

    def on_webhook(self, *event_types: str) -> Callable[[ReceiverT], ReceiverT]:
        """Return a decorator for functions that handle the events of webhooks.

        ::

            @imagekit.on_webhook("file.created", "file.updated")
            def remember_file(app, event):
                db.session.merge(Photo(id=event.data.file_id, path=event.data.file_path))

        The function is called as a receiver of a Blinker signal: with the application, and with an event of
        `imagekitio.webhooks` as the keyword `event`. It may be asynchronous.

        Args:
            event_types: Types of events; none means every event, including types that this release does not know.
        Raises:
            ValueError: A type is unknown; the message suggests the nearest.
        """
        return self._receivers.connect(*event_types)


def _make_client(config: Mapping[str, Any]) -> Client:
    """Return the client configured for an application; raise the errors of `ImageKit.init_app`."""
    settings = {name.removeprefix(_PREFIX).lower(): value for name, value in config.items() if name.startswith(_PREFIX)}
    try:
        return Client(**settings)
    except (TypeError, ValueError) as exc:
        kind = TypeError if isinstance(exc, TypeError) else ValueError
        raise kind(f"{_PREFIX}… in the Flask configuration: {exc}") from exc
