"""The searchable fields, and the conditions of each.

Source: ImageKit docs, "Advanced search queries", table of fields. An item that lacks a field matches only ``!=``,
``not_in`` and ``~`` of a condition on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Final, Generic, Literal, NoReturn, TypeVar, overload

from ..suggestions import did_you_mean
from . import literals
from .queries import Condition, Query, explain_combination

Number = float | Decimal
Moment = datetime | date | timedelta | str
CustomValue = str | bool | Number | datetime | date | timedelta
# The items that have a value: all items, all files and file versions but no folders, or only some files.
HeldBy = Literal["every item", "every file", "some files"]

Value_contra = TypeVar("Value_contra", contravariant=True)

_EXACT: Final = {"=": "NOT =", "IN": "NOT IN"}  # these find items without a value as well
_ORDER: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}  # these find only items with a value
_SYMBOLS: Final = {
    "__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=",
}  # fmt: skip


class Field(Generic[Value_contra]):
    """A field of the search language.

    Comparing it builds a `Query`, so a field is neither hashable nor equal to anything.
    """

    _opposites: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        label: str,
        name: str,
        write: literals.Writer = literals.write_text,
        held_by: HeldBy = "some files",
    ) -> None:
        """Describe a field.

        Args:
            label: Name in Python, for messages, such as ``Q.created_at``.
            name: Name in the search language, such as ``createdAt``.
            write: Function that writes a value as a literal.
            held_by: Items that have a value; decides whether an order or a bool has an opposite.
        """
        self._label = label
        # The documentation shows names with a dot only in quotes.
        self._name = literals.write_text("a field name", name) if "." in name else name
        self._write_literal = write
        self._held_by = held_by

    def __repr__(self) -> str:
        return self._label

    def _write(self, value: object) -> str:
        return self._write_with(self._write_literal, value)

    def _write_with(self, write: literals.Writer, value: object) -> str:
        return write(self._label, value.value if isinstance(value, Enum) else value)

    def _write_list(self, values: Iterable[object]) -> str:
        if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
            raise TypeError(f"in_() and not_in() of {self._label} take a list of values (got {type(values).__name__})")
        return f"[{', '.join(map(self._write, values))}]"

    def _find(self, operator: str, literal: str) -> Query:
        """Return the condition, with its opposite, if there is one that finds exactly the other items."""
        text = f"{self._name} {operator} {literal}"
        if operator in self._opposites:
            return Condition(self._label, text, f"{self._name} {self._opposites[operator]} {literal}")
        if operator in _ORDER:
            return self._find_present(text, f"{self._name} {_ORDER[operator]} {literal}")
        return Condition(self._label, text, None, f"the search language has no opposite of {operator} for {self!r}")

    def _find_present(self, text: str, complement: str) -> Query:
        """Return the condition `text`, where `complement` finds all other items that have a value."""
        if self._held_by == "some files":
            reason = f"items without a value would have to match; use {complement} for those with one"
            return Condition(self._label, text, None, reason)
        return Condition(self._label, text, complement, skips_folders=self._held_by == "every file")

    def _list_conditions(self) -> str:
        """Return the operators and methods of the field, for messages."""
        cls = type(self)
        symbols = [symbol for name, symbol in _SYMBOLS.items() if getattr(cls, name) is not getattr(Field, name)]
        return ", ".join([*symbols, *(f"{name}()" for name in dir(cls) if not name.startswith("_"))])

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __getattr__(self, name):
            if name.startswith("_"):  # copy and pickle look these up before the attributes exist
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            raise AttributeError(f"{self!r} has no {name!r}; it takes {self._list_conditions()}")

        def _refuse(self, symbol):
            raise TypeError(f"{self!r} does not take {symbol}; it takes {self._list_conditions()}")

        def __eq__(self, _):
            self._refuse("==")

        def __ne__(self, _):
            self._refuse("!=")

        def __lt__(self, _):
            self._refuse("<")

        def __le__(self, _):
            self._refuse("<=")

        def __gt__(self, _):
            self._refuse(">")

        def __ge__(self, _):
            self._refuse(">=")

        def __contains__(self, _):
            self._refuse("in")

        def __and__(self, _):
            raise explain_combination(self)

        __or__ = __rand__ = __ror__ = __and__

        def __invert__(self):
            self._refuse("~")

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} is a field, not a query; it takes {self._list_conditions()}")


class FormatField(Field[Value_contra]):
    """A field that is compared with one value or several; the language has no opposite for it."""

    def __eq__(self, value: Value_contra) -> Query:  # type: ignore[override]
        """Find items with this value."""
        return self._find("=", self._write(value))

    def in_(self, values: Iterable[Value_contra]) -> Query:
        """Find items with one of these values; an empty list finds nothing."""
        return self._find("IN", self._write_list(values))


class EqualField(FormatField[Value_contra]):
    """A field that is compared with values by equality."""

    _opposites = _EXACT

    def __ne__(self, value: Value_contra) -> Query:  # type: ignore[override]
        """Find items with another value or without a value."""
        return ~(self == value)

    def not_in(self, values: Iterable[Value_contra]) -> Query:
        """Find items with none of these values; an empty list finds everything."""
        return ~self.in_(values)


class OrderedField(EqualField[Value_contra]):
    """A field of numbers or moments."""

    def __lt__(self, value: Value_contra) -> Query:
        return self._find("<", self._write(value))

    def __le__(self, value: Value_contra) -> Query:
        return self._find("<=", self._write(value))

    def __gt__(self, value: Value_contra) -> Query:
        return self._find(">", self._write(value))

    def __ge__(self, value: Value_contra) -> Query:
        return self._find(">=", self._write(value))


class TextField(EqualField[str]):
    """A field of text."""

    def startswith(self, prefix: str) -> Query:
        """Find items whose text starts with `prefix`; case matters."""
        return self._find(":", self._write(prefix))

    def has(self, words: str) -> Query:
        """Find items whose text has all these words, in any order; case does not matter.

        The last word may be incomplete: ``"red dre"`` finds ``Red-Dress.jpg``. Words are runs of letters and digits.
        Sort by ``DESC_RELEVANCE`` to get the best matches first.
        """
        return self._find("HAS", self._write(words))


class FolderField(EqualField[str]):
    """The folder that contains an item."""

    def is_under(self, folder: str) -> Query:
        """Find items in this folder and everything under it."""
        return self._find(":", self._write(folder))


class BoolField(Field[bool]):
    """A field that is true or false."""

    def __eq__(self, value: bool) -> Query:  # type: ignore[override]
        """Find items with this value."""
        literal = self._write(value)
        opposite = "false" if literal == "true" else "true"
        return self._find_present(f"{self._name} = {literal}", f"{self._name} = {opposite}")

    def __ne__(self, value: bool) -> Query:  # type: ignore[override]
        """Find items with the other value; an error for fields that items may lack."""
        return ~(self == value)

    def is_(self, value: bool) -> Query:
        """Find items with this value: the same as ``==``, for linters that object to ``== True``."""
        return self == value


class ListField(Field[str]):
    """A field with any number of values."""

    _opposites = _EXACT

    def contains(self, value: str) -> Query:
        """Find items that have `value` among their values; case matters."""
        return self.in_([value])

    def in_(self, values: Iterable[str]) -> Query:
        """Find items that have at least one of these values; an empty list finds nothing."""
        return self._find("IN", self._write_list(values))

    def not_in(self, values: Iterable[str]) -> Query:
        """Find items that have none of these values; an empty list finds everything."""
        return ~self.in_(values)

    def exists(self) -> Query:
        """Find items that have any value; ``~`` finds those that have none."""
        return Condition(self._label, f"{self._name} EXISTS", f"{self._name} NOT EXISTS")


class TagsField(ListField):
    """The tags of an item: those that users set, and the names of those that extensions added."""

    def has(self, words: str) -> Query:
        """Find items with a tag that has all these words; see `TextField.has`."""
        return self._find("HAS", self._write(words))


class LocationField(Field[str]):
    """The place where a picture was taken, according to its GPS data. Latitudes and longitudes are in degrees."""

    def within_circle(self, latitude: float, longitude: float, *, radius_km: float) -> Query:
        """Find pictures that were taken at most `radius_km` kilometres from a place."""
        place = literals.write_place(self._label, latitude, longitude)
        return self._find_within(f"{place} {literals.write_kilometres(self._label, radius_km)}")

    def within_rectangle(self, corner: tuple[float, float], opposite: tuple[float, float]) -> Query:
        """Find pictures that were taken between two opposite corners, each a latitude and a longitude."""
        return self._find_within(self._write_places((corner, opposite)))

    def within_polygon(self, corners: Iterable[tuple[float, float]]) -> Query:
        """Find pictures that were taken within a polygon of four corners, each a latitude and a longitude."""
        places = tuple(corners)
        if len(places) != 4:
            raise ValueError(f"a polygon of {self._label} must have four corners (got {len(places)})")
        return self._find_within(self._write_places(places))

    def _find_within(self, area: str) -> Query:
        return self._find("=", self._write(area))

    def _write_places(self, places: Iterable[tuple[float, float]]) -> str:
        for place in places:
            if not isinstance(place, tuple) or len(place) != 2:
                raise TypeError(f"a corner of {self._label} must be (latitude, longitude) (got {place!r})")
        return "|".join(literals.write_place(self._label, *place) for place in places)


class CustomMetadataField(EqualField[CustomValue]):
    """A custom metadata field.

    The type of the value determines how it is compared: as text, number, bool or moment. It must match the type of the
    field, which only the account knows: the service refuses other values.
    """

    def __eq__(self, value: CustomValue) -> Query:  # type: ignore[override]
        """Find items with this value."""
        literal = self._write(value)
        if literal not in ("true", "false"):
            return self._find("=", literal)
        reason = (
            f"fields of type Boolean do not take NOT =; use {self!r} == {literal != 'true'}, "
            f"or {self!r}.not_in([{literal.title()}]) for a field of type SingleSelect"
        )
        return Condition(self._label, f"{self._name} = {literal}", None, reason)

    def __lt__(self, value: Number | Moment) -> Query:
        return self._compare("<", value)

    def __le__(self, value: Number | Moment) -> Query:
        return self._compare("<=", value)

    def __gt__(self, value: Number | Moment) -> Query:
        return self._compare(">", value)

    def __ge__(self, value: Number | Moment) -> Query:
        return self._compare(">=", value)

    def contains(self, value: str | bool | Number) -> Query:
        """Find items that have `value` among the values of this field of type MultiSelect.

        In a field of another type, it is compared with the whole value; to find part of a text, use `startswith` or
        `has`.
        """
        return self.in_([value])

    def startswith(self, prefix: str) -> Query:
        """Find items whose text starts with `prefix`; case matters."""
        return self._find(":", self._write_with(literals.write_text, prefix))

    def has(self, words: str) -> Query:
        """Find items whose text has all these words; see `TextField.has`."""
        return self._find("HAS", self._write_with(literals.write_text, words))

    def _compare(self, operator: str, value: Number | Moment) -> Query:
        return self._find(operator, self._write_with(literals.write_ordered_custom, value))


class CustomMetadata:
    """The custom metadata fields of the account."""

    __slots__ = ()

    def __getitem__(self, name: str) -> CustomMetadataField:
        """Return the field with this name."""
        if not isinstance(name, str) or not name:
            raise TypeError(f"the name of a custom metadata field must be a str that is not empty (got {name!r})")
        return CustomMetadataField(f"Q.custom_metadata[{name!r}]", f"customMetadata.{name}", literals.write_custom)

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __getattr__(self, name):
            raise AttributeError(f"write Q.custom_metadata[{name!r}] for a custom metadata field")


class EmbeddedMetadata:
    """The searchable embedded metadata: ``DateTimeOriginal``, ``Keywords`` and ``LocationTaken``."""

    __slots__ = ()

    @overload
    def __getitem__(self, name: Literal["DateTimeOriginal"]) -> OrderedField[Moment]: ...
    @overload
    def __getitem__(self, name: Literal["Keywords"]) -> ListField: ...
    @overload
    def __getitem__(self, name: Literal["LocationTaken"]) -> LocationField: ...
    def __getitem__(self, name: str) -> OrderedField[Moment] | ListField | LocationField:
        """Return the field with this name."""
        if name not in _EMBEDDED:
            raise ValueError(f"embedded metadata {name!r} cannot be searched{did_you_mean(str(name), _EMBEDDED)}")
        return _EMBEDDED[name]

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __getattr__(self, name):
            raise AttributeError(f"write Q.embedded_metadata[{name!r}] for a field of embedded metadata")


_EMBEDDED: Final[Mapping[str, OrderedField[Moment] | ListField | LocationField]] = {
    name: cls(f"Q.embedded_metadata[{name!r}]", f"embeddedMetadata.{name}", write)
    for name, cls, write in (
        ("DateTimeOriginal", OrderedField[Moment], literals.write_moment),
        ("Keywords", ListField, literals.write_text),
        ("LocationTaken", LocationField, literals.write_text),
    )
}


class Fields:
    """The searchable fields.

    Attributes:
        name: File or folder name.
        tags: Tags, and the names of the AI tags.
        type: ``file``, ``file-version`` or ``folder``. A query without a condition on it finds only current files.
        id: ID of a file, version or folder.
        created_at, updated_at: Moments: aware datetimes; dates, which stand for their first moment in UTC; timedeltas
            of whole hours, or text such as ``"7d"``, for a moment that long ago (``h``, ``d``, ``w``, ``m`` for months,
            ``y``), by the clock of the service. ``Q.created_at > "7d"`` finds uploads of the last 7 days.
        width, height: Size in pixels; images and videos only.
        size: Size in bytes, or text such as ``"10kb"``, ``"1.5mb"`` or ``"1gb"``.
        video_duration: Duration in seconds, a timedelta, or text such as ``"30sec"``, ``"1.5min"`` or ``"2hr"``.
        format: Format of the file, such as ``jpg``.
        private: Whether delivery requires a signed URL or a named transformation.
        published: Whether the file is published; False for a draft.
        transparency: Whether the image has an alpha channel.
        created_by: Email address of the uploader.
        path: Path of the folder that contains the item.
        embedded_metadata: EXIF and IPTC data, such as ``Q.embedded_metadata["Keywords"]``.
        custom_metadata: Custom metadata fields by their names, such as ``Q.custom_metadata["price"]``.
    """

    __slots__ = ()

    name: Final[TextField] = TextField("Q.name", "name")
    tags: Final[TagsField] = TagsField("Q.tags", "tags")
    type: Final[EqualField[literals.ItemType]] = EqualField("Q.type", "type", literals.write_type)
    id: Final[EqualField[str]] = EqualField("Q.id", "id")
    created_at: Final[OrderedField[Moment]] = OrderedField(
        "Q.created_at", "createdAt", literals.write_moment, "every item"
    )
    updated_at: Final[OrderedField[Moment]] = OrderedField(
        "Q.updated_at", "updatedAt", literals.write_moment, "every item"
    )
    width: Final[OrderedField[Number]] = OrderedField("Q.width", "width", literals.write_number)
    height: Final[OrderedField[Number]] = OrderedField("Q.height", "height", literals.write_number)
    size: Final[OrderedField[Number | str]] = OrderedField("Q.size", "size", literals.write_size, "every file")
    video_duration: Final[OrderedField[Number | timedelta | str]] = OrderedField(
        "Q.video_duration", "videoDuration", literals.write_duration
    )
    format: Final[FormatField[literals.FileFormat]] = FormatField("Q.format", "format", literals.write_format)
    private: Final[BoolField] = BoolField("Q.private", "private", literals.write_bool, "every file")
    published: Final[BoolField] = BoolField("Q.published", "published", literals.write_bool, "every file")
    transparency: Final[BoolField] = BoolField("Q.transparency", "transparency", literals.write_bool)
    created_by: Final[EqualField[str]] = EqualField("Q.created_by", "createdBy")
    path: Final[FolderField] = FolderField("Q.path", "path", literals.write_folder)
    embedded_metadata: Final[EmbeddedMetadata] = EmbeddedMetadata()
    custom_metadata: Final[CustomMetadata] = CustomMetadata()

    if not TYPE_CHECKING:  # type checkers report these mistakes themselves

        def __getattr__(self, name):
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
            known = [known for known in dir(self) if not known.startswith("_")]
            raise AttributeError(f"there is no field {name!r} to search{did_you_mean(name, known)}")


Q: Final[Fields] = Fields()
