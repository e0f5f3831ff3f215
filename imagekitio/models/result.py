"""The base of all result classes: decoding, unknown fields, `raw`, and `response_metadata`."""

from __future__ import annotations

import builtins
import json
from abc import abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, cast, overload

from ..suggestions import did_you_mean
from .moments import to_datetime
from .response_metadata import ResponseMetadata
from .spelling import to_camel_case, to_snake_case

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

# The default of fields that the service always sends, so that their type needs no None. If a response lacks such a
# field anyway (a recording, a mock), it reads as None, like every field that is absent or null.
ALWAYS: Final[Any] = None


class ShapeError(ValueError):
    """The JSON does not have the shape of the model."""


class Model:
    """An object of the API: a frozen dataclass that is decoded from JSON.

    Fields have the snake_case spelling of their JSON names. Fields that the API adds later are attributes too, in the
    same spelling, and are found in `raw` under their JSON names. A field whose value has an unexpected shape keeps the
    value as it was sent, because the call has succeeded on the server and must not fail here.
    """

    # Each class fills its own tables on first use: see _fill_tables.
    _tables: ClassVar[tuple[_FieldNames, _Decoders]]
    _raw: Any = None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the object that the decoded JSON `data` describes.

        Raises:
            ShapeError: `data` is not a JSON object.
        """
        # Written for speed, since a page has up to 1000 files: no __init__, and no setattr for each field. A field that
        # is absent reads as the class attribute, which is the default.
        if type(data) is not dict:
            raise ShapeError(f"expected an object for {cls.__name__}, got {_shorten(data)}")
        known, decoders = cls.__dict__.get("_tables") or cls._fill_tables()
        found: dict[str, Any] = {name: value for key, value in data.items() if (name := known[key])}
        for name, decode, make_empty in decoders:
            value = found.get(name)
            if value is not None:
                found[name] = decode(value)
            elif make_empty is not None:
                found[name] = make_empty()
        found["_raw"] = data
        model = object.__new__(cls)
        object.__setattr__(model, "__dict__", found)
        return model

    @classmethod
    def _fill_tables(cls) -> tuple[_FieldNames, _Decoders]:
        declared = fields(cast("Any", cls))
        for one in declared:
            if "decode_lazily" in one.metadata:
                api_name = one.metadata.get("api_name", one.name)
                setattr(cls, one.name, _LazyField(one.name, api_name, one.metadata["decode_lazily"]))
        decoders = tuple(
            (one.name, one.metadata["decode"], None if one.default_factory is MISSING else one.default_factory)
            for one in declared
            if "decode" in one.metadata
        )
        in_json = [one for one in declared if one.metadata.get("in_json", True)]
        later = {one.name for one in in_json if "decode_lazily" in one.metadata}
        field_names = _FieldNames(
            (one.name for one in in_json if one.name not in later),
            {
                one.metadata.get("api_name", one.name): None if one.name in later else one.name
                for one in in_json
                if "api_name" in one.metadata or one.name in later
            },
        )
        cls._tables = field_names, decoders
        return cls._tables

    @staticmethod
    def _spell_for_api(name: str) -> str:
        """Return how the API spells the name of a field."""
        return to_camel_case(name)

    @property
    def raw(self) -> Any:
        """The decoded JSON of this object, with names as the API spells them; None if it was not made from JSON."""
        return self._raw

    def to_dict(
        self,
        *,
        mode: Literal["json", "python"] = "python",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_none: bool = False,
    ) -> dict[str, Any]:
        """Return the object as a dict, without the response metadata; nested objects become dicts too.

        The arguments and their defaults are those of release 5. Names inside custom metadata are not converted.

        Args:
            mode: ``json`` converts dates to text, so that `json.dumps` accepts the dict; ``python`` keeps them.
            use_api_names: Whether to use the names of the API, such as ``fileId``, instead of ``file_id``.
            exclude_unset: Whether to leave out the documented fields that were not in the response.
            exclude_none: Whether to leave out the fields that are None.
        """
        declared = [one for one in fields(cast("Any", self)) if one.metadata.get("in_json", True)]
        renamed = {one.metadata["api_name"]: one.name for one in declared if "api_name" in one.metadata}
        raw = self._raw if isinstance(self._raw, dict) else None
        sent = None if raw is None else {renamed.get(key) or to_snake_case(key): key for key in raw}
        api_names = {name: key for key, name in renamed.items()} | (sent or {})
        found = {one.name: getattr(self, one.name) for one in declared if not exclude_unset or _is_set(self, one, sent)}
        # A null may read as an empty list, and undocumented names are not fields.
        found |= {
            name: self._raw[key] for name, key in (sent or {}).items() if None in (self._raw[key], found.get(name))
        }
        how: dict[str, Any] = {
            "mode": mode,
            "use_api_names": use_api_names,
            "exclude_unset": exclude_unset,
            "exclude_none": exclude_none,
        }
        return {
            (api_names.get(name) or self._spell_for_api(name)) if use_api_names else name: _to_plain(value, how)
            for name, value in found.items()
            if not (exclude_none and value is None)
        }

    def to_json(
        self,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_none: bool = False,
    ) -> str:
        """Return the object as JSON; see `to_dict`.

        Args:
            indent: Number of spaces per level; None puts everything on one line.
            use_api_names: Whether to use the names of the API, such as ``fileId``, instead of ``file_id``.
            exclude_unset: Whether to leave out the documented fields that were not in the response.
            exclude_none: Whether to leave out the fields that are None.
        """
        found = self.to_dict(
            mode="json", use_api_names=use_api_names, exclude_unset=exclude_unset, exclude_none=exclude_none
        )
        return json.dumps(found, indent=indent, ensure_ascii=False)

    def __repr__(self) -> str:
        shown: list[str] = []
        for one in fields(cast("Any", self)):
            value = getattr(self, one.name)
            default = one.default if one.default_factory is MISSING else one.default_factory()
            if one.repr and value != default:
                shown.append(f"{one.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    # Hidden from type checkers, which would otherwise accept any attribute.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            missing = f"{type(self).__name__} has no attribute {name!r}"
            if name.startswith("_"):
                raise AttributeError(missing)  # pickle and copy look up many of these
            for key, value in self._raw.items() if isinstance(self._raw, dict) else ():
                if to_snake_case(key) == name:
                    return value
            raise AttributeError(missing + did_you_mean(name, [one.name for one in fields(self)]))


class _FieldNames(dict[str, "str | None"]):
    """A map from JSON names to fields, or to None for names that are not decoded yet; it caches known spellings."""

    def __init__(self, names: Iterator[str], renamed: Mapping[str, str | None]) -> None:
        super().__init__(renamed)
        self._names = frozenset(names)

    def __missing__(self, key: str) -> str | None:
        name = to_snake_case(key)
        if name not in self._names:
            return None  # not cached, since a server may send any number of names
        self[key] = name
        return name


def _shorten(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."


def _is_set(model: Model, one: Field[Any], sent: Container[str] | None) -> bool:
    """Return whether a field was in the response, or differs from its default if there was none."""
    if sent is not None:
        return one.name in sent
    default = one.default if one.default_factory is MISSING else one.default_factory()
    return bool(getattr(model, one.name) != default)


def _to_plain(value: Any, how: dict[str, Any]) -> Any:
    if isinstance(value, Model):
        return value.to_dict(**how)
    if isinstance(value, list):
        return [item.to_dict(**how) if isinstance(item, Model) else item for item in value]
    return value.isoformat() if how["mode"] == "json" and isinstance(value, date) else value


def rename_in_json(api_name: str, metadata: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return the metadata of a dataclass field whose name in JSON differs, such as ``_links`` for `links`."""
    return {**(metadata or {}), "api_name": api_name}


# The name of a field, its decoder, and the function that makes its value if it is absent or null; None for a None.
_Decoders = tuple[tuple[str, Callable[[Any], Any], "Callable[[], Any] | None"], ...]


def object_of(model: type[Model]) -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds a nested object."""
    return {"decode": partial(_decode_object, model.from_json)}


def lazy_object_of(model: type[Model]) -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds a nested object, which is decoded when it is first read.

    Its name in JSON must be the same, or set with `rename_in_json`.
    """
    return {"decode_lazily": partial(_decode_object, model.from_json)}


class _LazyField:
    """A descriptor for a field that is decoded when it is first read; the instance keeps the value."""

    def __init__(self, name: str, api_name: str, decode: Callable[[Any], Any]) -> None:
        self._name, self._api_name = name, api_name
        self._decode = decode

    def __get__(self, model: Model | None, owner: object = None) -> Any:
        value = model.raw.get(self._api_name) if model is not None and model.raw else None
        if value is not None:
            value = vars(model)[self._name] = self._decode(value)
        return value


def list_of(model: type[Model]) -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds a list of nested objects."""
    return {"decode": partial(_decode_list, model.from_json)}


def as_time() -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds a time; other values stay as they were sent."""
    return {"decode": _read_time}


def as_lazy_time() -> Mapping[str, Any]:
    """Return the same as `as_time`, for a time that is decoded when it is first read; see `lazy_object_of`."""
    return {"decode_lazily": _read_time}


def as_day() -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds a day; other values stay as they were sent."""
    return {"decode": _read_day}


def _read_time(value: Any) -> Any:
    try:
        return to_datetime(value)
    except ValueError:
        return value


def _read_day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        return value


def as_sent() -> Mapping[str, Any]:
    """Return the metadata of a dataclass field whose JSON value is not converted, but is never None."""
    return {"decode": lambda value: value}


def _decode_object(decode: Callable[[Any], T], data: Any) -> T:
    return decode(data) if type(data) is dict else cast("T", data)


def _decode_list(decode: Callable[[Any], T], data: Any) -> list[T]:
    if type(data) is not list:
        return cast("list[T]", data)
    return [decode(item) if type(item) is dict else cast("T", item) for item in data]


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(Model):
    """The result of an operation: an object together with the response that contained it.

    Attributes:
        response_metadata: Body (`raw`), status and headers of the response; ignored when results are compared.
    """

    response_metadata: ResponseMetadata = field(
        default=ResponseMetadata(), repr=False, compare=False, metadata={"in_json": False}
    )

    @property
    def _response_metadata(self) -> ResponseMetadata:
        """The name of `response_metadata` in releases before 4."""
        return self.response_metadata

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        """Return the result that the body of a response describes; raise ShapeError if its shape is wrong."""
        result = cls.from_json(metadata.raw)
        result.__dict__["response_metadata"] = metadata
        return result


@dataclass(frozen=True, kw_only=True, repr=False)
class ResponseMetadataResult(Result):
    """The result of operations that return no data: only the response metadata."""

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        return cls(response_metadata=metadata)  # the body is ignored: ImageKit docs show both `{}` and none


class Items(Sequence[T]):
    """A mixin that makes a result a sequence of the objects in one of its lists."""

    @property
    @abstractmethod
    def _items(self) -> builtins.list[T]:
        """The list."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> builtins.list[T]: ...
    def __getitem__(self, index: int | slice) -> T | builtins.list[T]:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)


@dataclass(frozen=True, kw_only=True, repr=False)
class ListResult(Result, Items[T]):
    """A result that is a list: use `.list`, or iterate over the result, index it, slice it, or pass it to `len()`."""

    list: builtins.list[T] = field(default_factory=builtins.list)

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        if type(metadata.raw) is not builtins.list:
            raise ShapeError(f"expected an array, got {_shorten(metadata.raw)}")
        result = cls(list=_decode_list(cls._decode_item, metadata.raw), response_metadata=metadata)
        result.__dict__["_raw"] = metadata.raw
        return result

    @classmethod
    @abstractmethod
    def _decode_item(cls, data: Any) -> T:
        """Decode one element of the JSON array."""

    @property
    def _items(self) -> builtins.list[T]:
        return self.list
