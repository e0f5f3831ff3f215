"""The parameters and formats that delivery URLs, presets and signed links of img-src.io may contain.

The client, its URL builder and local img-src read this table, so that they agree. It imports only text tools.

Source: img-src docs, "Image transformations" and "Presets".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ..suggestions import did_you_mean
from ..urls.quoting import check_text, unquote_form
from ..urls.transformations.values import write_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

Value: TypeAlias = "int | float | bool | str"

FITS: tuple[str, ...] = ("cover", "contain", "fill", "scale-down")
ASPECTS: tuple[str, ...] = ("original", "1:1", "4:3", "16:9", "3:2", "21:9")
CROPS: tuple[str, ...] = (
    *("center", "top", "bottom", "left", "right"),
    *("top-left", "top-right", "bottom-left", "bottom-right"),
    *("attention", "entropy"),
)


class Parameter(NamedTuple):
    """One parameter.

    Attributes:
        name: Its name in URLs and presets, such as ``w``.
        long_name: Its name in words, such as ``width``; the same as `name` if that is a word.
        kind: Kind of values: whole numbers, numbers, booleans, or one of `choices`.
        minimum: Smallest number.
        maximum: Largest number.
        choices: The possible values, if they are listed: text and numbers.
    """

    name: str
    long_name: str
    kind: Literal["integer", "number", "boolean", "choice"]
    minimum: int = 0
    maximum: int = 0
    choices: tuple[str | float, ...] = ()


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("w", "width", "integer", 1, 10000),  # pixels
    Parameter("h", "height", "integer", 1, 10000),  # pixels
    Parameter("fit", "fit", "choice", choices=FITS),
    Parameter("aspect", "aspect_ratio", "choice", choices=ASPECTS),
    Parameter("q", "quality", "integer", 1, 100),
    Parameter("dpr", "dpr", "choice", choices=(1, 1.5, 2, 3)),
    Parameter("crop", "crop", "choice", choices=CROPS),
    Parameter("grayscale", "grayscale", "boolean"),
    Parameter("blur", "blur", "number", 0, 100),
    Parameter("sharpen", "sharpen", "number", 0, 100),
    Parameter("rotate", "rotate", "choice", choices=(0, 90, 180, 270, "auto")),  # degrees, clockwise
    Parameter("flip", "flip", "choice", choices=("h", "v", "both")),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}

# Every spelling of every parameter, and its name in URLs.
SHORT_NAMES: dict[str, str] = {
    **{parameter.long_name: parameter.name for parameter in PARAMETERS},
    "aspectRatio": "aspect",
    **{parameter.name: parameter.name for parameter in PARAMETERS},
}

# Formats that the service writes, and the extension that requests each.
EXTENSION_OF_FORMAT: dict[str, str] = {"webp": "webp", "avif": "avif", "jpeg": "jpg", "png": "png", "jxl": "jxl"}
# Extensions that request a format.
FORMAT_OF_EXTENSION: dict[str, str] = {
    **{extension: name for name, extension in EXTENSION_OF_FORMAT.items()},
    "jpeg": "jpeg",
}
PRESET_FORMATS: tuple[str, ...] = ("webp", "avif", "jpeg", "png")

# Extensions of the files that the service reads.
IMAGE_EXTENSIONS: frozenset[str] = frozenset(
    {
        *FORMAT_OF_EXTENSION,
        *("jpe", "jfif", "gif", "tif", "tiff", "bmp", "ico", "svg", "heic", "heif", "tga", "qoi", "hdr", "exr"),
        *("pnm", "pbm", "pgm", "ppm", "pam"),
    }
)

PRESET_PREFIX: str = "p:"
LONGEST_PRESET_NAME: int = 50  # characters
_PRESET_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")

# Names of transformations in the body of a request for a signed link.
_SIGNED_NAMES = {"w": "width", "h": "height", "fit": "fit", "q": "quality"}


def read_value(name: str, value: object) -> Value:
    """Return the value of a parameter as a Python value: an int, a float, a bool, or one of its words.

    Args:
        name: Name of the parameter, in either spelling; error messages begin with it.
        value: A number (a float may be whole: 300.0), a bool, or text as in a URL, such as ``300``.
    Raises:
        TypeError: The parameter is unknown, or the value has the wrong type; a bool is not a number.
        ValueError: The value is out of range or not one of the choices; text never raises TypeError.
    """
    parameter = _find(name)
    if parameter.kind == "boolean":
        return _read_boolean(name, value)
    if parameter.kind == "choice":
        return _read_choice(name, value, parameter.choices)
    wanted = f"{name} must be a {'whole ' * (parameter.kind == 'integer')}number"
    number = _read_number(value)
    if number is None:
        error = ValueError if isinstance(value, str) else TypeError
        raise error(f"{wanted} from {parameter.minimum} to {parameter.maximum} (got {_shorten(value)})")
    if not parameter.minimum <= number <= parameter.maximum or (parameter.kind == "integer" and number != int(number)):
        raise ValueError(f"{wanted} from {parameter.minimum} to {parameter.maximum} (got {_shorten(value)})")
    return int(number) if number == int(number) else number


def encode(name: str, value: object) -> str:
    """Return the value of a parameter as text for a URL, not percent-encoded: ``300``, ``1.5``, ``true``, ``16:9``.

    Args:
        name: Name of the parameter, in either spelling.
        value: See `read_value`.
    Raises:
        TypeError, ValueError: See `read_value`.
    """
    return write_scalar(name, read_value(name, value))


def normalise(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return parameters under their names in URLs, with their values as text; None values are omitted.

    Args:
        parameters: Names in either spelling (``w``, ``width``, ``aspect_ratio``, ``aspectRatio``), and values.
    Raises:
        TypeError: A name is unknown or given in two spellings, or a value has the wrong type.
        ValueError: A value is out of range or not one of the choices.
    """
    _check_names(_check_object(parameters), SHORT_NAMES)
    return {SHORT_NAMES[name]: encode(name, value) for name, value in parameters.items() if value is not None}


def read_query(query: str) -> tuple[tuple[str, ...], dict[str, Value]]:
    """Return the presets that the query of a delivery URL names, and its parameters, as the service reads them.

    Unknown names are ignored. If a name occurs twice, the first one counts. A preset is a key without a value,
    ``p:thumb``, whose colon may be encoded; one with ``=``, as general query encoders write it, is an error here,
    because the service's documentation rules it out.

    Args:
        query: The part after the ``?``, percent-encoded.
    Raises:
        ValueError: A value or the name of a preset is not valid.
    """
    presets: dict[str, None] = {}
    values: dict[str, Value] = {}
    for item in query.split("&"):
        name, equals, text = (_decode(part) for part in item.partition("="))
        if name.startswith(PRESET_PREFIX):
            if equals:
                raise ValueError(f"a preset is a key without '=': write {name}, not {name}={text}")
            presets[check_preset_name(name.removeprefix(PRESET_PREFIX))] = None
        elif name in _BY_NAME and name not in values:
            values[name] = read_value(name, text)
    return tuple(presets), values


def check_preset_name(name: object) -> str:
    """Check the name of a preset, and return it.

    Raises:
        TypeError: `name` is not a str.
        ValueError: `name` is empty, longer than 50 characters, or has characters other than ASCII letters, digits,
            ``_`` and ``-``.
    """
    text = check_text("the name of a preset", name)
    if not 0 < len(text) <= LONGEST_PRESET_NAME or not _PRESET_NAME_CHARACTERS.issuperset(text):
        raise ValueError(
            f"the name of a preset must have from 1 to {LONGEST_PRESET_NAME} ASCII letters, digits, _ and - "
            f"(got {_shorten(name)})"
        )
    return str.__str__(text)


def check_preset_params(params: Mapping[str, object]) -> dict[str, Any]:
    """Check the params of a preset as the service does, and return them unchanged.

    A value of null means that the parameter is not set. Unknown names are kept, including long ones (``width``), which
    have no meaning in a preset.

    Raises:
        TypeError: `params` is not an object, or a value has the wrong type.
        ValueError: A value is out of range or not one of the choices.
    """
    for name, value in _check_object(params).items():
        if value is not None and (name in _BY_NAME or name == "format"):
            _read_preset_value(name, value)
    return dict(params)


def encode_preset_params(params: Mapping[str, object]) -> dict[str, Any]:
    """Return the params of a preset for the body of a request, under their names in presets.

    Args:
        params: Parameters in either spelling, and `format` (``webp``, ``avif``, ``jpeg`` or ``png``). None becomes
            null, which means that the parameter is not set.
    Raises:
        TypeError: `params` is not a dict, a name is unknown or given in two spellings, or a value has the wrong type.
        ValueError: A value is out of range or not one of the choices.
    """
    names = {**SHORT_NAMES, "format": "format"}
    _check_names(_check_object(params), names)
    return {names[name]: None if value is None else _read_preset_value(name, value) for name, value in params.items()}


def read_preset_params(params: Mapping[str, object]) -> dict[str, Value]:
    """Return the values that the params of a preset set: `format`, and parameters by their names in URLs.

    Unknown names and null are omitted.

    Raises:
        TypeError, ValueError: See `check_preset_params`.
    """
    return {
        name: _read_preset_value(name, value)
        for name, value in _check_object(params).items()
        if value is not None and (name in _BY_NAME or name == "format")
    }


def encode_signed_transformation(transformation: Mapping[str, object]) -> dict[str, Any]:
    """Return the transformation of a signed link for the body of a request, under its long names.

    Args:
        transformation: `width`, `height`, `fit` and `quality` in either spelling, and `format` (``webp``, ``avif``,
            ``jpeg``, ``png`` or ``jxl``); nothing else can be signed. None values are omitted.
    Raises:
        TypeError: `transformation` is not a dict, a name is unknown or given in two spellings, or a value has the
            wrong type.
        ValueError: A value is out of range or not one of the choices.
    """
    known = {spelling: _SIGNED_NAMES[name] for spelling, name in SHORT_NAMES.items() if name in _SIGNED_NAMES}
    known["format"] = "format"
    for name in _check_object(transformation):
        if name not in known and (name in SHORT_NAMES or name == "preset"):
            raise TypeError(f"a signed URL takes only width, height, fit, quality and format (got {name!r})")
    _check_names(_check_object(transformation), known)
    return {
        known[name]: read_format(value, tuple(EXTENSION_OF_FORMAT)) if name == "format" else read_value(name, value)
        for name, value in transformation.items()
        if value is not None
    }


def read_format(value: object, formats: tuple[str, ...] = tuple(EXTENSION_OF_FORMAT)) -> str:
    """Return the name of an output format; ``jpg`` becomes ``jpeg``.

    Args:
        value: Name of the format.
        formats: Names of the formats to choose from.
    Raises:
        TypeError: `value` is not a str.
        ValueError: `value` is not one of the formats.
    """
    return str(_read_choice("format", "jpeg" if value == "jpg" else value, formats))


def split_extension(path: str) -> tuple[str, str]:
    """Split a path before the extension of an image, and return both parts: ``a.tar`` and ``png`` for ``a.tar.png``.

    Only extensions of images count, including those in capitals: ``shot.2024`` has none, and neither has ``.png``, a
    name that begins with its only dot. The extension is then empty.
    """
    stem, _, extension = path.rpartition(".")
    if stem and not stem.endswith("/") and extension.lower() in IMAGE_EXTENSIONS:
        return stem, extension
    return path, ""


def _find(name: str) -> Parameter:
    if name not in SHORT_NAMES:
        raise TypeError(f"unknown parameter {name!r}{did_you_mean(str(name), SHORT_NAMES)}")
    return _BY_NAME[SHORT_NAMES[name]]


def _check_names(given: Iterable[str], known: Mapping[str, str]) -> None:
    """Check that every name is known, and that no two are spellings of one.

    Raises:
        TypeError: A name is unknown or given in two spellings.
    """
    spellings: dict[str, str] = {}
    for name in given:
        if name not in known:
            raise TypeError(f"unknown parameter {name!r}{did_you_mean(str(name), known)}")
        if known[name] in spellings:
            raise TypeError(f"{spellings[known[name]]!r} and {name!r} are two spellings of one parameter: pass one")
        spellings[known[name]] = name


def _check_object(value: Mapping[str, object]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"parameters must be a dict such as {{'w': 300}} (got {type(value).__name__})")
    return value


def _read_preset_value(name: str, value: object) -> Value:
    return read_format(value, PRESET_FORMATS) if name == "format" else read_value(name, value)


def _read_boolean(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false") and isinstance(value, str):
        return value == "true"
    error = ValueError if isinstance(value, str) else TypeError
    raise error(f"{name} must be True or False (got {_shorten(value)})")


def _read_choice(name: str, value: object, choices: tuple[str | float, ...]) -> str | float:
    wanted = value if isinstance(value, str) else None
    number = _read_number(value) if any(not isinstance(choice, str) for choice in choices) else None
    for choice in choices:
        if choice == (wanted if isinstance(choice, str) else number):
            return choice
    *others, last = map(str, choices)
    error = TypeError if wanted is None and number is None else ValueError
    raise error(f"{name} must be {', '.join(others)} or {last} (got {_shorten(value)})")


def _read_number(value: object) -> float | None:
    """Return a number, or text of one, as an int or a float; None for anything else."""
    given: Any = value
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not digits.isascii() or not digits.replace(".", "", 1).isdigit():
            return None
    elif hasattr(given, "__index__"):  # int and NumPy's whole numbers
        return int(given)
    elif not hasattr(given, "__float__"):  # float, Decimal, Fraction and NumPy's numbers
        return None
    try:
        return float(given)
    except (OverflowError, ValueError):  # a Fraction that is too large, a signaling NaN
        return float("nan")


def _shorten(value: object) -> str:
    """Return the `repr` of a value that is not valid, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out whole numbers of thousands of digits
        text = f"a huge {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _decode(text: str) -> str:
    return unquote_form(text).decode(errors="replace")
