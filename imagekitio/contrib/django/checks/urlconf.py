"""The views of a project, for the checks."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from types import CodeType, NoneType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class FoundView:
    """A view in the URLconf.

    Attributes:
        route: Route, as written in the URLconf.
        callback: Function that Django calls.
        view_class: Class of the view; NoneType for a function.
    """

    route: str
    callback: Callable[..., Any]
    view_class: type

    def __str__(self) -> str:
        view = self.callback if self.view_class is NoneType else self.view_class
        return f"The view {getattr(view, '__qualname__', repr(view))} at '/{self.route}'"

    def mentions(self, name: str) -> bool:
        """Return whether the code of the view mentions this method name; functions that it calls are not searched."""
        members = (member for cls in self.view_class.__mro__ for member in vars(cls).values())
        return any(_mentions(function, name) for function in (self.callback, *members))

    def get_option(self, name: str) -> Any:
        """Return an attribute of a class-based view, or the value passed to `as_view` instead."""
        given = getattr(self.callback, "view_initkwargs", {})
        return given[name] if name in given else getattr(self.view_class, name)


def list_views() -> list[FoundView]:
    """Return the views of the URLconf."""
    return [*_walk(get_resolver(), "")] if getattr(settings, "ROOT_URLCONF", None) else []


def _walk(resolver: URLResolver, prefix: str) -> Iterator[FoundView]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            callback = pattern.callback
            # Django REST framework calls it `cls`.
            view_class: type = getattr(callback, "view_class", getattr(callback, "cls", NoneType))
            yield FoundView(route, callback, view_class)


def _mentions(function: Any, name: str) -> bool:
    while isinstance(function, partial):
        function = function.func
    code = getattr(inspect.unwrap(getattr(function, "__func__", function)), "__code__", None)
    return isinstance(code, CodeType) and _code_mentions(code, name)


def _code_mentions(code: CodeType, name: str) -> bool:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return name in code.co_names or any(_code_mentions(one, name) for one in inner)
