"""What all result classes have in common: decoding, unknown fields, `raw`, and `response_metadata`."""

from __future__ import annotations

import builtins
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast, overload

from ..suggestions import did_you_mean
from .response_metadata import ResponseMetadata
from .spelling import snake_case

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")

# The default of fields that the service always sends, so that their type needs no None. Where an answer leaves such a
# field out all the same (a recording, a mock), it reads as None, as every field that is absent or null.
ALWAYS: Final[Any] = None


class ShapeError(ValueError):
    """The JSON is not of the shape that a model has."""


class Model:
    """An object of the API: a frozen dataclass that is decoded from JSON.

    The field of a JSON name is the one with its snake_case spelling. What the API adds later is an attribute too, under
    that spelling, and in `raw` under its own.
    """

    # Filled at first use, for each class of its own: see _tables.
    _fields: ClassVar[_Fields]
    _decoders: ClassVar[tuple[tuple[str, Callable[[Any], Any]], ...]]
    _raw: Any = None

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the object that `data` describes.

        Raises:
            ShapeError: `data`, or an object nested in it, is no JSON object.
        """
        # Written for speed, since a page has up to 1000 files: no __init__, and no setattr for each field. A field that
        # is absent reads as the class attribute, which is the default.
        if type(data) is not dict:
            raise ShapeError(f"expected an object for {cls.__name__}, got {_excerpt(data)}")
        try:
            known, decoders = cls.__dict__["_fields"], cls.__dict__["_decoders"]
        except KeyError:
            known, decoders = cls._tables()
        found: dict[str, Any] = {name: value for key, value in data.items() if (name := known[key])}
        for name, decode in decoders:
            value = found.get(name)
            if value is not None:
                found[name] = decode(value)
        found["_raw"] = data
        model = object.__new__(cls)
        object.__setattr__(model, "__dict__", found)
        return model

    @classmethod
    def _tables(cls) -> tuple[_Fields, tuple[tuple[str, Callable[[Any], Any]], ...]]:
        declared = fields(cast("Any", cls))
        # _fields last: a thread that finds it finds the other one too.
        cls._decoders = tuple((one.name, one.metadata["decode"]) for one in declared if "decode" in one.metadata)
        cls._fields = _Fields(one.name for one in declared if one.metadata.get("in_json", True))
        return cls._fields, cls._decoders

    @property
    def raw(self) -> Any:
        """The decoded JSON this was made of, every name as the API spells it; None for an object made by hand."""
        return self._raw

    def __repr__(self) -> str:
        values = ((one.name, getattr(self, one.name)) for one in fields(cast("Any", self)) if one.repr)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values if value is not None)})"

    # Hidden from type checkers, which would else believe in every attribute.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            missing = f"{type(self).__name__} has no attribute {name!r}"
            if name.startswith("_"):
                raise AttributeError(missing)  # pickle and copy ask for many of those
            for key, value in self._raw.items() if isinstance(self._raw, dict) else ():
                if snake_case(key) == name:
                    return value
            raise AttributeError(missing + did_you_mean(name, [one.name for one in fields(self)]))


class _Fields(dict[str, "str | None"]):
    """JSON name → field, or None for a name that no field has; grows with the spellings that are met."""

    def __init__(self, names: Iterator[str]) -> None:
        super().__init__()
        self._names = frozenset(names)

    def __missing__(self, key: str) -> str | None:
        name = snake_case(key)
        if name not in self._names:
            return None  # not kept: the names that a server may send are without end
        self[key] = name
        return name


def _excerpt(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."


def nested(model: type[Model]) -> Mapping[str, Any]:
    """Return the metadata of a field that holds an object of its own."""
    return {"decode": model.from_json}


def nested_list(model: type[Model]) -> Mapping[str, Any]:
    """Return the metadata of a field that holds a list of objects."""
    return {"decode": partial(list_of, model.from_json)}


def list_of(decode: Callable[[Any], T], data: Any) -> list[T]:
    """Decode every item of a JSON array; ShapeError when it is none."""
    if type(data) is not list:
        raise ShapeError(f"expected an array, got {_excerpt(data)}")
    return [decode(item) for item in data]


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(Model):
    """What an operation returns: an object with the answer it came in.

    Attributes:
        response_metadata: Body (`raw`), status and headers of the answer. It takes no part in comparisons.
    """

    response_metadata: ResponseMetadata = field(
        default=ResponseMetadata(), repr=False, compare=False, metadata={"in_json": False}
    )

    @property
    def _response_metadata(self) -> ResponseMetadata:
        """The name that releases before 4 had for `response_metadata`."""
        return self.response_metadata

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        """Return the result that the body of an answer describes; ShapeError when it describes none."""
        result = cls.from_json(metadata.raw)
        result.__dict__["response_metadata"] = metadata
        return result


@dataclass(frozen=True, kw_only=True, repr=False)
class ResponseMetadataResult(Result):
    """The result of operations that have nothing to say but that they are done."""

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        return cls(response_metadata=metadata)  # whatever the body: ImageKit docs know `{}` and none at all


@dataclass(frozen=True, kw_only=True, repr=False)
class ListResult(Result, Sequence[T]):
    """A result that is a list: has `.list`, and can be iterated, indexed, sliced and measured itself."""

    list: builtins.list[T] = field(default_factory=builtins.list)

    @classmethod
    def from_answer(cls, metadata: ResponseMetadata) -> Self:
        result = cls(list=list_of(cls._item, metadata.raw), response_metadata=metadata)
        result.__dict__["_raw"] = metadata.raw
        return result

    @classmethod
    @abstractmethod
    def _item(cls, data: Any) -> T:
        """Return the item that an element of the JSON array describes."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> builtins.list[T]: ...
    def __getitem__(self, index: int | slice) -> T | builtins.list[T]:
        return self.list[index]

    def __len__(self) -> int:
        return len(self.list)

    def __iter__(self) -> Iterator[T]:
        return iter(self.list)
