"""`GET /v1/files`: filters, search, order and paging in one SQL query (api.md, section 13.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..base.names import canonical_path
from ..library.present import asset_json
from ..library.tables.rows import read_row
from ..web.calls import Answer, query_flag, query_integer, split_list

if TYPE_CHECKING:
    import sqlite3

    from ..library.store import Store
    from ..search import CompiledQuery
    from ..web.calls import Call

MAX_LIMIT = 1000

KINDS: dict[str, tuple[str, ...]] = {
    "file": ("file",),
    "file-version": ("file-version",),
    "folder": ("folder",),
    "all": ("file", "folder"),
}
# The original creation date is always the upload date, as nothing can set another one. Relevance needs a search;
# without one it is the order of creation.
SORT_COLUMNS: dict[str, str] = {
    "NAME": "name",
    "CREATED": "created_at",
    "UPDATED": "updated_at",
    "HEIGHT": "height",
    "WIDTH": "width",
    "SIZE": "size",
    "RELEVANCE": "created_at",
    "DURATION": "duration",
    "ORIGINAL_CREATION_DATE": "created_at",
}
_ALWAYS_THERE = ("name", "created_at", "updated_at")


def list_assets(store: Store, call: Call) -> Answer:
    skip, limit = query_integer(call, "skip", 0), query_integer(call, "limit", MAX_LIMIT)
    if skip < 0:
        message = "The value of skip parameter should be greater than or equal to 0."
        raise ApiError(400, f"{message} Value sent is {skip}.")
    if limit < 1:
        raise ApiError(400, f"Minimum value of limit parameter is 1. Value sent is {limit}.")
    if limit > MAX_LIMIT:
        raise ApiError(400, f"Maximum value of limit parameter is {MAX_LIMIT}. Value sent is {limit}.")
    sort = call.query.get("sort") or "ASC_CREATED"
    order = _order(sort)
    with store.read() as connection:
        search = _search(connection, call, store)
        condition, parameters = _condition(call, search)
        order_parameters: list[object] = []
        if search is not None and sort.endswith("_RELEVANCE"):
            # "+ 0", because SQLite would take a plain number for a column number.
            order = f"({search.relevance}) + 0 {sort.partition('_')[0]}, a.created_at, a.id"
            order_parameters = [*search.relevance_parameters]
        # Sort row numbers only: sorting whole rows takes up to five times as long if there is no index.
        numbers = f"SELECT a.row_id FROM assets a WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
        query = f"SELECT a.* FROM assets a WHERE a.row_id IN ({numbers}) ORDER BY {order}"
        values = (*parameters, *order_parameters, limit, skip, *order_parameters)
        rows = connection.execute(query, values).fetchall()
    return Answer(200, [asset_json(read_row(row), call.endpoints.primary) for row in rows])


def _order(sort: str) -> str:
    direction, _, by = sort.partition("_")
    if direction not in ("ASC", "DESC") or by not in SORT_COLUMNS:
        raise ApiError(400, "Your request contains invalid value for sort parameters.")
    column = SORT_COLUMNS[by]
    # Items without a value come last in both directions; ties are broken by id (api.md, chapter 7).
    nulls = "" if column in _ALWAYS_THERE else " NULLS LAST"
    return f"a.{column} {direction}{nulls}, a.id {direction}, a.number {direction}"


def _search(connection: sqlite3.Connection, call: Call, store: Store) -> CompiledQuery | None:
    if not call.query.get("searchQuery", "").strip():
        return None
    from ..search import SearchSyntaxError, compile_query, register_functions  # slow to load, so only when needed

    register_functions(connection)
    types = {name: schema["type"] for name, schema in store.account().field_schemas.items()}
    try:
        return compile_query(call.query["searchQuery"], now=store.settings.clock.now(), custom_fields=types)
    except SearchSyntaxError as exc:
        # The service says only that the query is invalid; the reason and position help its author.
        message = "Your request contains invalid searchQuery parameter."
        raise ApiError(400, message, errors={"searchQuery": str(exc)}) from exc


def _condition(call: Call, search: CompiledQuery | None) -> tuple[str, list[object]]:
    query = call.query
    type_ = query.get("type") or "file"
    if type_ not in KINDS:
        known = ", ".join(KINDS)
        message = "Your request contains invalid value for type parameter. Please provide one of the following:"
        raise ApiError(400, f"{message} {known}.")
    file_type = query.get("fileType") or "all"
    if file_type not in ("all", "image", "non-image"):
        raise ApiError(400, "Your request contains invalid value for fileType parameter.")
    include_folder = query_flag(call, "includeFolder")

    conditions: list[str] = []
    parameters: list[object] = []
    if search is not None:
        conditions.append(f"({search.sql})")
        parameters += search.parameters
        if not search.mentions_type:
            conditions.append("a.kind = 'file'")
    else:
        kinds = tuple(dict.fromkeys((*KINDS[type_], "folder"))) if include_folder else KINDS[type_]
        conditions.append(f"a.kind IN ({_marks(kinds)})")
        parameters += kinds
        if query.get("name"):
            conditions.append("a.name = ?")
            parameters.append(query["name"])
        tags = split_list(query.get("tags", ""))
        if tags and not include_folder:
            conditions.append(f"EXISTS (SELECT 1 FROM json_each(a.tags) t WHERE t.value IN ({_marks(tags)}))")
            parameters += tags
        if include_folder:
            file_type = "all"
    if query.get("path"):
        conditions.append("a.path = ?")
        parameters.append(canonical_path(query["path"]))
    if file_type != "all":
        conditions.append("(a.kind = 'folder' OR a.is_image = ?)")
        parameters.append(file_type == "image")
    return " AND ".join(conditions), parameters


def _marks(values: tuple[str, ...] | list[str]) -> str:
    return ", ".join("?" * len(values))
