"""What all option classes have in common: which options are set, how they are spelt, how they become JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from ..suggestions import did_you_mean
from .spelling import camel_case, snake_case

if TYPE_CHECKING:
    from dataclasses import Field

    from typing_extensions import Self


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


# Tells an option that was not given, which is not sent, from None, which the API may know as JSON null.
UNSET: Final = Unset.UNSET


def option(*, nullable: bool = False, encode: Callable[[Any], Any] | None = None) -> Mapping[str, Any]:
    """Return the metadata of a field that holds an option.

    Args:
        nullable: The API knows null for it; where it does not, None is the same as unset.
        encode: Turns the Python value into the JSON value, or raises ValueError or TypeError.
    """
    return {"nullable": nullable, "encode": encode}


class Options:
    """Base of the option classes: mutable dataclasses whose fields are `UNSET` until they are given.

    A misspelt name is an error that names the nearest known one: TypeError for a keyword, AttributeError for an
    attribute, ValueError for a key of a dict.
    """

    # Before __init__, which dataclass writes and which would not name the nearest option.
    def __new__(cls, *_values: Any, **keywords: Any) -> Self:
        for name in keywords:
            if name not in _fields(cls):
                raise TypeError(f"{cls.__name__} has no option {name!r}{did_you_mean(name, _fields(cls))}")
        return super().__new__(cls)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _fields(type(self)):
            raise AttributeError(
                f"{type(self).__name__} has no option {name!r}{did_you_mean(name, _fields(type(self)))}"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in vars(self).items() if value is not UNSET)
        return f"{type(self).__name__}({given})"

    @classmethod
    def of(cls, options: object = None, keywords: Mapping[str, Any] | None = None) -> Self:
        """Return options of this class from any way to give them; keywords win over `options`.

        Args:
            options: An object of this class, a dict with snake_case or camelCase keys, or None. It is not changed.
            keywords: More options, spelt in either way.
        Raises:
            TypeError: `options` is something else, a keyword is unknown, or an option is given in both spellings.
            ValueError: A key of the dict is unknown.
        """
        given: dict[str, Any] = {}
        if isinstance(options, cls):
            given = dict(vars(options))
        elif isinstance(options, Mapping):
            given = cls._spelt_in_python(cast("Mapping[object, Any]", options), ValueError)
        elif options is not None:
            raise TypeError(f"options must be {cls.__name__}, a dict or None (got {type(options).__name__})")
        # Without __init__: what is not given reads as the class attribute, which is the default.
        found = object.__new__(cls)
        vars(found).update(given, **cls._spelt_in_python(keywords or {}, TypeError))
        return found

    @classmethod
    def _spelt_in_python(cls, given: Mapping[Any, Any], error: type[Exception]) -> dict[str, Any]:
        known = _fields(cls)
        found: dict[str, Any] = {}
        for key, value in given.items():
            name = key if key in known else snake_case(str(key))
            if name not in known:
                raise error(f"{cls.__name__} has no option {key!r}{did_you_mean(name, known)}")
            if name in found:
                raise TypeError(f"{cls.__name__}: {name!r} is given in two spellings")
            found[name] = value
        return found

    def to_json(self) -> dict[str, Any]:
        """Return what is to be sent, under the names that the API has for it.

        Raises:
            TypeError, ValueError: The value of an option is of no use to the API; the message names the option.
        """
        found: dict[str, Any] = {}
        given = vars(self)
        for name, field in _fields(type(self)).items():
            value = given.get(name, UNSET)
            if value is UNSET or (value is None and not field.metadata.get("nullable")):
                continue
            encode = field.metadata.get("encode")
            try:
                found[camel_case(name)] = encode(value) if encode and value is not None else value
            except (TypeError, ValueError) as exc:
                error = TypeError if isinstance(exc, TypeError) else ValueError
                raise error(f"{name} {exc}") from exc
        return found


def _fields(cls: type[Options]) -> Mapping[str, Field[Any]]:
    found: Mapping[str, Field[Any]] = cast("Any", cls).__dataclass_fields__
    return found


def texts(value: Iterable[str]) -> list[str]:
    """Encode a list of texts; a single text would otherwise become a list of its letters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"must be a list of str (got {type(value).__name__})")
    found = list(value)
    for text in found:
        if not isinstance(text, str):
            raise TypeError(f"must be a list of str (got {text!r} in it)")
    return found


def yes_or_no(value: object) -> bool | str:
    """Encode a bool, which a text such as ``False`` may be too; an empty one counts as absent."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", ""):
        return value.lower()
    raise TypeError(f"must be True or False (got {value!r})")


def texts_or_all(value: Iterable[str] | str) -> list[str] | str:
    """Encode a list of texts or the word ``all``."""
    return value if value == "all" and isinstance(value, str) else texts(value)


def comma_joined(value: Iterable[str] | str) -> str:
    """Encode a list of texts as ``red,summer``; a text is taken as already joined."""
    if isinstance(value, str):
        return value
    found = texts(value)
    for text in found:
        if "," in text:
            raise ValueError(f"must not have an entry with a comma, which separates entries (got {text!r})")
    return ",".join(found)


def extensions(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Encode extensions: ``min_confidence`` and ``max_tags`` become camelCase.

    Everything below, as the options of ``remove-bg``, is snake_case in the API itself and stays as it is.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"must be a list of dicts (got {type(value).__name__})")
    found: list[dict[str, Any]] = []
    for extension in value:
        if not isinstance(extension, Mapping):
            raise TypeError(f"must be a list of dicts (got {extension!r} in it)")
        found.append({_EXTENSION_NAMES.get(name, name): member for name, member in extension.items()})
    return found


_EXTENSION_NAMES = {"min_confidence": "minConfidence", "max_tags": "maxTags"}
