"""Origins: storage outside the media library from which an account delivers files; one option class for each type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..options import UNSET, Options, Unset, encode_flag, encode_str, encode_url, option
from ..result import ALWAYS, ListResult, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

OriginType = Literal[
    "S3", "CLOUDINARY_BACKUP", "S3_COMPATIBLE", "GCS", "AZURE_BLOB", "WEB_FOLDER", "WEB_PROXY", "AKENEO_PIM"
]


@dataclass(frozen=True, kw_only=True, repr=False)
class OriginResult(Result):
    """An origin. Only the attributes of its type are set; the others are None. The service never returns secrets.

    Attributes:
        id: ID of the origin.
        type: A value of `OriginType`; a plain str, because the service may add types.
        name: Name of the origin.
        include_canonical_header: Whether responses have a ``Link: …; rel="canonical"`` header.
        base_url_for_canonical_header: Beginning of the URL in that header.
        bucket: Name of the bucket; S3, Cloudinary backup, S3-compatible storage and Google Cloud Storage.
        prefix: Folder in the bucket or container; empty for all of it.
        use_iam_role: Whether an AWS role replaces the keys; S3 and Cloudinary backup.
        endpoint: URL of the storage service; S3-compatible storage.
        s3_force_path_style: Whether the bucket is part of the path rather than of the host; S3-compatible storage.
        client_email: Email address of the service account; Google Cloud Storage.
        account_name, container: Names of the storage account and of its container; Azure.
        base_url: URL of the folder, or of the Akeneo instance.
        forward_host_header_to_origin: Whether requests to the folder have the host of the viewer's request.
    """

    id: str = ALWAYS
    type: str = ALWAYS
    name: str = ALWAYS
    include_canonical_header: bool = False
    base_url_for_canonical_header: str | None = None
    bucket: str | None = None
    prefix: str | None = None
    use_iam_role: bool | None = None
    endpoint: str | None = None
    s3_force_path_style: bool | None = None
    client_email: str | None = None
    account_name: str | None = None
    container: str | None = None
    base_url: str | None = None
    forward_host_header_to_origin: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ListOriginsResult(ListResult[OriginResult]):
    """The origins of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> OriginResult:
        return OriginResult.from_json(data)


class OriginKeywords(TypedDict, total=False):
    """The options of `create_origin` and `update_origin` as keywords: the type, and the options of all types."""

    type: OriginType
    name: str
    include_canonical_header: bool | None
    base_url_for_canonical_header: str | None
    bucket: str
    prefix: str | None
    access_key: str
    secret_key: str
    use_iam_role: bool | None
    endpoint: str
    s3_force_path_style: bool | None
    client_email: str
    private_key: str
    account_name: str
    container: str
    sas_token: str
    base_url: str
    forward_host_header_to_origin: bool | None
    client_id: str
    client_secret: str
    username: str
    password: str


@dataclass(repr=False, kw_only=True)
class Origin(Options):
    """The options that origins of every type have; the base of their classes. Secrets are left out of `repr`.

    Attributes:
        name: Name of the origin: letters, digits and spaces; required.
        include_canonical_header: Whether responses get a ``Link: …; rel="canonical"`` header (default False).
        base_url_for_canonical_header: Beginning of the URL in that header.
    """

    name: str | Unset = UNSET
    include_canonical_header: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))
    base_url_for_canonical_header: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_url))

    def list_required(self) -> tuple[str, ...]:
        """Return the names of the options that must be given."""
        return ("name",)


@dataclass(repr=False, kw_only=True)
class _BucketOrigin(Origin):
    """An Amazon S3 bucket, which is accessed with keys or with a role."""

    bucket: str | Unset = UNSET
    access_key: str | Unset = field(default=UNSET, repr=False)
    secret_key: str | Unset = field(default=UNSET, repr=False)
    prefix: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_str))
    use_iam_role: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))

    def list_required(self) -> tuple[str, ...]:
        return ("name", "bucket") if self.use_iam_role else ("name", "bucket", "access_key", "secret_key")

    def to_json(self) -> dict[str, Any]:
        found = super().to_json()
        if found.get("useIAMRole"):
            for name in ("access_key", "secret_key"):
                if getattr(self, name):
                    raise ValueError(f"{name} must be left out, because use_iam_role=True replaces the keys")
            found |= {"accessKey": "", "secretKey": ""}  # ImageKit docs, origins API: sent empty, not left out
        return found


@dataclass(repr=False, kw_only=True)
class S3Origin(_BucketOrigin):
    """An Amazon S3 bucket.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        bucket: Name of the bucket; required.
        access_key, secret_key: Keys that may read the bucket; required unless `use_iam_role` is set.
        prefix: Folder in the bucket (default: all of it).
        use_iam_role: Whether an AWS role replaces the keys.
    """


@dataclass(repr=False, kw_only=True)
class CloudinaryBackupOrigin(_BucketOrigin):
    """An Amazon S3 bucket that holds a Cloudinary backup.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        bucket: Name of the bucket; required.
        access_key, secret_key: Keys that may read the bucket; required unless `use_iam_role` is set.
        prefix: Folder in the bucket (default: all of it).
        use_iam_role: Whether an AWS role replaces the keys.
    """


@dataclass(repr=False, kw_only=True)
class S3CompatibleOrigin(Origin):
    """A bucket of another storage service that is compatible with Amazon S3.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        endpoint: URL of the storage service; required.
        bucket: Name of the bucket; required.
        access_key, secret_key: Keys that may read the bucket; required.
        prefix: Folder in the bucket (default: all of it).
        s3_force_path_style: Whether to put the bucket into the path rather than into the host (default False).
    """

    endpoint: str | Unset = field(default=UNSET, metadata=option(encode=encode_url))
    bucket: str | Unset = UNSET
    access_key: str | Unset = field(default=UNSET, repr=False)
    secret_key: str | Unset = field(default=UNSET, repr=False)
    prefix: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_str))
    s3_force_path_style: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))

    def list_required(self) -> tuple[str, ...]:
        return ("name", "endpoint", "bucket", "access_key", "secret_key")


@dataclass(repr=False, kw_only=True)
class GcsOrigin(Origin):
    """A Google Cloud Storage bucket.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        bucket: Name of the bucket; required.
        client_email: Email address of the service account that may read it; required.
        private_key: Private key of the service account, in PEM; required.
        prefix: Folder in the bucket (default: all of it).
    """

    bucket: str | Unset = UNSET
    client_email: str | Unset = UNSET
    private_key: str | Unset = field(default=UNSET, repr=False)
    prefix: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_str))

    def list_required(self) -> tuple[str, ...]:
        return ("name", "bucket", "client_email", "private_key")


@dataclass(repr=False, kw_only=True)
class AzureBlobOrigin(Origin):
    """An Azure Blob Storage container.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        account_name: Name of the storage account; required.
        container: Name of the container; required.
        sas_token: Shared access signature that may read it; required.
        prefix: Folder in the container (default: all of it).
    """

    account_name: str | Unset = UNSET
    container: str | Unset = UNSET
    sas_token: str | Unset = field(default=UNSET, repr=False)
    prefix: str | Unset | None = field(default=UNSET, metadata=option(encode=encode_str))

    def list_required(self) -> tuple[str, ...]:
        return ("name", "account_name", "container", "sas_token")


@dataclass(repr=False, kw_only=True)
class WebFolderOrigin(Origin):
    """A folder on a web server.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        base_url: URL of the folder; required.
        forward_host_header_to_origin: Whether to request files with the host of the viewer's request (default False).
    """

    base_url: str | Unset = field(default=UNSET, metadata=option(encode=encode_url))
    forward_host_header_to_origin: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))

    def list_required(self) -> tuple[str, ...]:
        return ("name", "base_url")


@dataclass(repr=False, kw_only=True)
class WebProxyOrigin(Origin):
    """The whole web: the URL of the file is part of the delivery URL.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
    """


@dataclass(repr=False, kw_only=True)
class AkeneoPimOrigin(Origin):
    """The asset manager of Akeneo PIM.

    Attributes:
        name, include_canonical_header, base_url_for_canonical_header: See `Origin`.
        base_url: URL of the Akeneo instance; required.
        client_id, client_secret: Credentials of the connection; required.
        username, password: Credentials of its user; required.
    """

    base_url: str | Unset = field(default=UNSET, metadata=option(encode=encode_url))
    client_id: str | Unset = field(default=UNSET, repr=False)
    client_secret: str | Unset = field(default=UNSET, repr=False)
    username: str | Unset = field(default=UNSET, repr=False)
    password: str | Unset = field(default=UNSET, repr=False)

    def list_required(self) -> tuple[str, ...]:
        return ("name", "base_url", "client_id", "client_secret", "username", "password")


# Source: ImageKit docs, origins API.
ORIGIN_CLASSES: Mapping[str, type[Origin]] = {
    "S3": S3Origin,
    "CLOUDINARY_BACKUP": CloudinaryBackupOrigin,
    "S3_COMPATIBLE": S3CompatibleOrigin,
    "GCS": GcsOrigin,
    "AZURE_BLOB": AzureBlobOrigin,
    "WEB_FOLDER": WebFolderOrigin,
    "WEB_PROXY": WebProxyOrigin,
    "AKENEO_PIM": AkeneoPimOrigin,
}
