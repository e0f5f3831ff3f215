"""The base of all option classes: which options are set, how they are spelt, and how they become JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from ..suggestions import did_you_mean
from .spelling import to_camel_case, to_snake_case

if TYPE_CHECKING:
    from dataclasses import Field

    from typing_extensions import Self

T = TypeVar("T")


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


# The value of an option that was not given and is not sent. None is different: the API may accept it as JSON null.
UNSET: Final = Unset.UNSET


def option(
    *, nullable: bool = False, encode: Callable[[Any], Any] | None = None, api_name: str | None = None
) -> Mapping[str, Any]:
    """Return the metadata of a dataclass field that holds an option.

    Args:
        nullable: Whether the API accepts null for it; if not, None means the same as `UNSET`.
        encode: Function that turns the Python value into the JSON value; see `encode_option` for its errors.
        api_name: Name in JSON, if it is a different word; dicts and keywords may use it too.
    """
    return {"nullable": nullable, "encode": encode, "api_name": api_name}


def encode_option(name: str, encode: Callable[[Any], T], value: Any) -> T:
    """Return the JSON value of an option.

    Args:
        name: Name of the option, with which the message of an error begins.
        encode: Function that turns `value` into its JSON value. The messages of its errors continue a sentence that
            begins with the name, such as "must be at least 1 (got 0)".
        value: Value as the caller gave it.
    Raises:
        TypeError, ValueError: `encode` refused the value.
    """
    try:
        return encode(value)
    except (TypeError, ValueError) as exc:
        error = TypeError if isinstance(exc, TypeError) else ValueError
        raise error(f"{name} {exc}") from exc


class Options:
    """Base of the option classes: mutable dataclasses whose fields are `UNSET` until they are given.

    A misspelt name raises an error that suggests the nearest known one: TypeError for a keyword, AttributeError for an
    attribute, ValueError for a key of a dict.
    """

    @staticmethod
    def _spell_for_api(name: str) -> str:
        """Return how the API spells the name of an option."""
        return to_camel_case(name)

    # Checked here because the __init__ that dataclass writes would not suggest the nearest option.
    def __new__(cls, *_values: Any, **keywords: Any) -> Self:
        for name in keywords:
            if name not in _get_fields(cls):
                raise TypeError(f"{cls.__name__} has no option {name!r}{did_you_mean(name, _get_fields(cls))}")
        return super().__new__(cls)

    def __setattr__(self, name: str, value: object) -> None:
        known = _get_fields(type(self))
        if name not in known:
            raise AttributeError(f"{type(self).__name__} has no option {name!r}{did_you_mean(name, known)}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        fields = _get_fields(type(self))
        given = [f"{name}={value!r}" for name, value in vars(self).items() if value is not UNSET and fields[name].repr]
        return f"{type(self).__name__}({', '.join(given)})"

    @classmethod
    def of(cls, options: object = None, keywords: Mapping[str, Any] | None = None) -> Self:
        """Return new options of this class, made from options given in any form; `keywords` win over `options`.

        Args:
            options: An object of this class, a dict with snake_case or camelCase keys, or None. It is not changed.
            keywords: More options, in either spelling.
        Raises:
            TypeError: `options` has another type, a keyword is unknown, or an option is given in both spellings.
            ValueError: A key of the dict is unknown.
        """
        # Without __init__: an option that is not given reads as the class attribute, which is the default.
        found = object.__new__(cls)
        given = vars(found)
        if isinstance(options, cls):
            given.update(vars(options))
        elif isinstance(options, Mapping):
            given.update(cls._convert_names(cast("Mapping[object, Any]", options), ValueError))
        elif options is not None:
            raise TypeError(f"options must be {cls.__name__}, a dict or None (got {type(options).__name__})")
        if keywords:
            given.update(cls._convert_names(keywords, TypeError))
        return found

    @classmethod
    def _convert_names(cls, given: Mapping[Any, Any], error: type[Exception]) -> dict[str, Any]:
        known = _get_fields(cls)
        found: dict[str, Any] = {}
        for key, value in given.items():
            name = key if key in known else _find_renamed(known, key) or to_snake_case(str(key))
            if name not in known:
                raise error(f"{cls.__name__} has no option {key!r}{did_you_mean(name, known)}")
            if name in found:
                raise TypeError(f"{cls.__name__}: {name!r} is given in two spellings")
            found[name] = value
        return found

    def merge_with(self, other: Self) -> Self:
        """Return a copy of these options in which those that are set in `other` replace those that are set here."""
        merged = self.of(self)
        vars(merged).update((name, value) for name, value in vars(other).items() if value is not UNSET)
        return merged

    def to_json(self) -> dict[str, Any]:
        """Return the options that are set, under their JSON names.

        Raises:
            TypeError, ValueError: The API could not accept the value of an option; the message names the option.
        """
        found: dict[str, Any] = {}
        given = vars(self)
        for name, field in _get_fields(type(self)).items():
            value = given.get(name, UNSET)
            if value is UNSET or (value is None and not field.metadata.get("nullable")):
                continue
            encode = field.metadata.get("encode")
            api_name = field.metadata.get("api_name") or self._spell_for_api(name)
            found[api_name] = encode_option(name, encode, value) if encode and value is not None else value
        return found


def _get_fields(cls: type[Options]) -> Mapping[str, Field[Any]]:
    found: Mapping[str, Field[Any]] = cast("Any", cls).__dataclass_fields__
    return found


def _find_renamed(known: Mapping[str, Field[Any]], key: object) -> str | None:
    return next((name for name, field in known.items() if key and key == field.metadata.get("api_name")), None)


def encode_int(value: object, minimum: int, maximum: int | None = None) -> int:
    """Encode a whole number within bounds, which may be given as a str of decimal digits."""
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"must be a whole number (got {value!r})")
    if number < minimum or (maximum is not None and number > maximum):
        wanted = f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
        raise ValueError(f"must be {wanted} (got {number})")
    return number


def encode_bool(value: object) -> bool | str:
    """Encode a bool, which may be given as a str such as ``False``; an empty str counts as absent."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", ""):
        return value.lower()
    raise TypeError(f"must be True or False (got {value!r})")


def encode_flag(value: object) -> bool:
    """Encode a bool of a JSON body; unlike in a form, a str is not accepted."""
    if not isinstance(value, bool):
        raise TypeError(f"must be True or False (got {value!r})")
    return value


def encode_str(value: object) -> str:
    """Encode a str, which may be empty."""
    if not isinstance(value, str):
        raise TypeError(f"must be a str (got {type(value).__name__})")
    return value


def encode_nonempty_str(value: object) -> str:
    """Encode a str that is not blank."""
    text = encode_str(value)
    if not text.strip():
        raise ValueError(f"must not be empty (got {text!r})")
    return text


def encode_url(value: object) -> str:
    """Encode an absolute URL."""
    from urllib.parse import urlsplit  # takes milliseconds to load

    url = encode_str(value)
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an IPv6 address, a port that is not a number
        is_url = False
    if not is_url or any(character <= " " or character == "\x7f" for character in url):
        raise ValueError(f"must be a URL that starts with https:// or http:// and a host (got {url!r})")
    return url


def encode_texts(value: Iterable[str]) -> list[str]:
    """Encode a list of str. A single str is refused, since it would become a list of its characters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError(f"must be a list of str (got {type(value).__name__})")
    found = list(value)
    for text in found:
        if not isinstance(text, str):
            raise TypeError(f"must be a list of str (it contains {text!r})")
    return found


def encode_texts_or_all(value: Iterable[str] | str) -> list[str] | str:
    """Encode a list of str, or the word ``all``."""
    return value if value == "all" and isinstance(value, str) else encode_texts(value)


def join_with_commas(value: Iterable[str] | str) -> str:
    """Encode a list of str as ``red,summer``; a single str is assumed to be joined already."""
    if isinstance(value, str):
        return value
    found = encode_texts(value)
    for text in found:
        if "," in text:
            raise ValueError(f"must not have an entry with a comma, because commas separate entries (got {text!r})")
    return ",".join(found)


def encode_coordinates(value: Sequence[int] | str) -> str:
    """Encode an area as ``x,y,width,height``, from four whole numbers or from text of that form."""
    members = value.split(",") if isinstance(value, str) else value
    wanted = "must be x,y,width,height in whole pixels, such as (10, 10, 200, 100) or '10,10,200,100'"
    if not isinstance(members, (list, tuple)):
        raise TypeError(f"{wanted} (got {type(value).__name__})")
    try:
        numbers = [encode_int(member.strip() if isinstance(member, str) else member, minimum=0) for member in members]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != 4:
        raise ValueError(f"{wanted} (got {value!r})")
    return ",".join(map(str, numbers))


def encode_object(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Encode a JSON object."""
    if not isinstance(value, Mapping):
        raise TypeError(f"must be a dict (got {type(value).__name__})")
    return value


def encode_extensions(value: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Encode extensions: ``min_confidence`` and ``max_tags`` become camelCase.

    The options inside an extension, such as those of ``remove-bg``, are snake_case in the API too and stay unchanged.
    """
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"must be a list of dicts (got {type(value).__name__})")
    found: list[dict[str, Any]] = []
    for extension in value:
        if not isinstance(extension, Mapping):
            raise TypeError(f"must be a list of dicts (it contains {extension!r})")
        found.append(encode_extension(extension))
    return found


def encode_extension(value: object) -> dict[str, Any]:
    """Encode one extension as `encode_extensions` does."""
    members = encode_object(cast("Mapping[str, Any]", value))
    return {_EXTENSION_NAMES.get(name, name): member for name, member in members.items()}


_EXTENSION_NAMES = {"min_confidence": "minConfidence", "max_tags": "maxTags"}
