"""The check of extensions in requests of uploads and updates (ImageKit docs, "Extensions").

Local ImageKit recognises nothing in pictures. The results of AI services are made up, and always the same for the same
file: see `imagekitio.local.extensions.recognition`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError, invalid_parameter
from ..base.json_values import as_array, as_object, as_texts
from ..base.web_urls import is_web_url
from ..library.field_schemas import ValueRefused, read_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Extension = Mapping[str, Any]
    Schemas = Mapping[str, Mapping[str, Any]]

TAGGING = ("google-auto-tagging", "aws-auto-tagging")
NAMES = (*TAGGING, "remove-bg", "ai-auto-description", "ai-tasks")

MAX_TASKS = 10
MAX_INSTRUCTION = 2000  # characters
MAX_VOCABULARY = 500  # characters in total, the limit for the tags of a file
OUTCOMES = ("on_yes", "on_no", "on_unknown")
_COLOUR = re.compile(r"[0-9a-fA-F]{3,8}|[a-zA-Z]+")


class ExtensionRefused(ValueError):  # noqa: N818 - a refusal, not an error of ours
    """An extension is not valid; the message says what is allowed."""


def read_extension(given: object) -> dict[str, Any]:
    """Return one extension object, which must not be a saved extension; unknown members are passed through.

    Raises:
        ExtensionRefused: The name is unknown, or a member is missing or out of range.
    """
    members = as_object(given)
    if members is None:
        raise ExtensionRefused("An extension should be an object.")
    name = members.get("name")
    check = _CHECKS.get(name) if isinstance(name, str) else None
    if check is None:
        raise ExtensionRefused(f"The name of an extension should be one of {', '.join(NAMES)} (got {name!r}).")
    check(members)
    return members


def read_extensions(given: object) -> tuple[Extension, ...]:
    """Return the value of the parameter `extensions`; `resolve_extensions` looks up saved ones later.

    Raises:
        ApiError: 400 for the first extension that is not valid.
    """
    items = as_array(given)
    if items is None:
        raise invalid("It should be an array of objects.")
    try:
        return tuple(_read_saved(item) or read_extension(item) for item in items)
    except ExtensionRefused as exc:
        raise invalid(str(exc)) from exc


def read_webhook_url(given: object) -> str | None:
    """Return the value of the parameter `webhookUrl`, or None if it is empty; raise a 400 if it is not a URL."""
    if given in (None, ""):
        return None
    if not isinstance(given, str) or not is_web_url(given):
        raise invalid_parameter("webhookUrl", "It should be an http or https URL.")
    return given


def resolve_extensions(
    extensions: Sequence[Extension], saved: Callable[[str], Extension | None], schemas: Schemas
) -> tuple[Extension, ...]:
    """Replace saved extensions with their configurations, and check all extensions against the account.

    Args:
        extensions: Result of `read_extensions`.
        saved: Function that returns the configuration of the saved extension with an id, or None.
        schemas: The schemas of the custom metadata fields, by name.
    Raises:
        ApiError: 400 if a saved extension or a field does not exist, or a value does not fit its field.
    """
    found: list[Extension] = []
    for extension in extensions:
        is_saved = extension["name"] == "saved-extension"
        config = saved(extension["id"]) if is_saved else extension
        if config is None:
            raise invalid(f"There is no saved extension with the id {extension['id']}.")
        try:
            _check_fields(config, schemas)
        except ValueRefused as exc:
            raise invalid(str(exc)) from exc
        found.append(config)
    return tuple(found)


def invalid(rule: str) -> ApiError:
    return ApiError(400, f"Your request contains invalid extensions parameter. {rule}")


def _read_saved(item: object) -> dict[str, Any] | None:
    members = as_object(item)
    if members is None or members.get("name") != "saved-extension":
        return None
    if not isinstance(members.get("id"), str) or not members["id"]:
        raise ExtensionRefused("A saved-extension needs id, the id of a saved extension.")
    return members


def _check_tagging(members: Mapping[str, Any]) -> None:
    confidence = members.get("minConfidence")
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 100:
        raise ExtensionRefused(f"{members['name']} needs minConfidence, a number from 0 to 100.")
    if not _is_integer(members.get("maxTags"), 0, 30):
        raise ExtensionRefused(f"{members['name']} needs maxTags, an integer from 0 to 30.")


def _check_remove_bg(members: Mapping[str, Any]) -> None:
    options = as_object(members.get("options", {}))
    if options is None:
        raise ExtensionRefused("options of remove-bg should be an object.")
    for name in ("add_shadow", "semitransparency"):
        if not isinstance(options.get(name, False), bool):
            raise ExtensionRefused(f"{name} of remove-bg should be true or false.")
    colour, url = options.get("bg_color"), options.get("bg_image_url")
    if colour is not None and url is not None:
        raise ExtensionRefused("remove-bg takes bg_color or bg_image_url, not both.")
    if colour is not None and not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
        raise ExtensionRefused("bg_color of remove-bg should be hexadecimal digits without # or the name of a colour.")
    if url is not None and not isinstance(url, str):
        raise ExtensionRefused("bg_image_url of remove-bg should be a URL.")


def _check_ai_tasks(members: Mapping[str, Any]) -> None:
    items = as_array(members.get("tasks")) or []
    if not 1 <= len(items) <= MAX_TASKS:
        raise ExtensionRefused(f"ai-tasks needs tasks, an array of 1 to {MAX_TASKS} tasks (got {len(items)}).")
    for item in items:
        task = as_object(item) or {}
        kind = task.get("type")
        check = _TASK_CHECKS.get(kind) if isinstance(kind, str) else None
        if check is None:
            raise ExtensionRefused(f"The type of a task should be one of {', '.join(_TASK_CHECKS)} (got {kind!r}).")
        instruction = task.get("instruction")
        if not isinstance(instruction, str) or not 1 <= len(instruction) <= MAX_INSTRUCTION:
            raise ExtensionRefused(f"A task needs an instruction of 1 to {MAX_INSTRUCTION} characters.")
        check(task)


def _check_select_tags(task: Mapping[str, Any]) -> None:
    # An empty or missing vocabulary leaves nothing to select from (the docs do not mention it).
    vocabulary = as_texts(task.get("vocabulary"))
    if not vocabulary:
        raise ExtensionRefused("select_tags needs a vocabulary, an array of strings.")
    if sum(map(len, vocabulary)) > MAX_VOCABULARY or any("%" in word for word in vocabulary):
        raise ExtensionRefused(f"A vocabulary should have at most {MAX_VOCABULARY} characters and no %.")
    _check_selections(task)


def _check_select_metadata(task: Mapping[str, Any]) -> None:
    if not isinstance(task.get("field"), str) or not task["field"]:
        raise ExtensionRefused("select_metadata needs field, the name of a custom metadata field.")
    if "vocabulary" in task and not as_array(task["vocabulary"]):
        raise ExtensionRefused("The vocabulary of select_metadata should be an array of values.")
    _check_selections(task)


def _check_selections(task: Mapping[str, Any]) -> None:
    low, high = task.get("min_selections", 0), task.get("max_selections", 1_000)
    if not _is_integer(low, 0, 1_000) or not _is_integer(high, 1, 1_000) or low > high:
        raise ExtensionRefused(
            "min_selections should be an integer of at least 0, max_selections an integer of at least 1 and not less "
            "than min_selections."
        )


def _check_yes_no(task: Mapping[str, Any]) -> None:
    given = [outcome for outcome in OUTCOMES if outcome in task]
    if not given:
        raise ExtensionRefused(f"yes_no needs one of {', '.join(OUTCOMES)}.")
    for outcome in given:
        actions = as_object(task[outcome])
        if actions is None:
            raise ExtensionRefused(f"{outcome} should be an object.")
        if any(as_texts(actions.get(name, [])) is None for name in ("add_tags", "remove_tags")):
            raise ExtensionRefused(f"add_tags and remove_tags of {outcome} should be arrays of strings.")
        for name, needed in (("set_metadata", {"field", "value"}), ("unset_metadata", {"field"})):
            items = as_array(actions.get(name, []))
            if items is None or not all(needed <= (as_object(item) or {}).keys() for item in items):
                raise ExtensionRefused(f"{name} of {outcome} should be an array of {{{', '.join(sorted(needed))}}}.")


def _check_fields(extension: Extension, schemas: Schemas) -> None:
    """Check that the fields in AI tasks exist and that the values fit them."""
    for task in extension.get("tasks", ()) if extension["name"] == "ai-tasks" else ():
        for field, value in _fields_of(task):
            schema = schemas.get(field)
            if schema is None:
                raise ValueRefused(f"There is no custom metadata field {field!r}.")
            if value is not None:
                try:
                    read_value(schema, convert_value(schema, value))
                except ValueRefused as exc:
                    raise ValueRefused(f"A value for the custom metadata field {field!r} {exc}.") from exc
        if task["type"] == "select_metadata" and not vocabulary_of(task, schemas):
            raise ValueRefused(f"select_metadata needs a vocabulary, since {task['field']!r} has no options.")


def vocabulary_of(task: Mapping[str, Any], schemas: Schemas) -> list[Any]:
    """Return the values that a task ``select_metadata`` chooses from: its own vocabulary or the field's options."""
    return as_array(task.get("vocabulary")) or as_array(schemas[task["field"]].get("selectOptions")) or []


def convert_value(schema: Mapping[str, Any], value: Any) -> Any:
    """Return `value` in the form of the field, which is an array for ``MultiSelect``."""
    return [value] if schema["type"] == "MultiSelect" and as_array(value) is None else value


def _fields_of(task: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield names of fields with the values that must fit them, or None without a value."""
    if task["type"] == "select_metadata":
        yield task["field"], None
        yield from ((task["field"], value) for value in task.get("vocabulary", ()))
    for outcome in OUTCOMES:
        actions = task.get(outcome, {})
        yield from ((str(item["field"]), item["value"]) for item in actions.get("set_metadata", ()))
        yield from ((str(item["field"]), None) for item in actions.get("unset_metadata", ()))


def _is_integer(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    **dict.fromkeys(TAGGING, _check_tagging),
    "remove-bg": _check_remove_bg,
    "ai-auto-description": lambda members: None,
    "ai-tasks": _check_ai_tasks,
}
_TASK_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "select_tags": _check_select_tags,
    "select_metadata": _check_select_metadata,
    "yes_no": _check_yes_no,
}
