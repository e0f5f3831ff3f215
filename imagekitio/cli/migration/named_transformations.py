"""Plans and creates named transformations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...exceptions import ImageKitException
from ...exceptions.printing import join_some
from ...operations.file_names import distinguish_names
from ...urls.quoting import quote_component
from ...urls.transformations.steps import write_steps
from ..base.failures import Failure
from .losses import describe_losses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...models.account.named_transformations import NamedTransformationResult
    from ..base.outcomes import Outcomes
    from ..base.output import Output
    from ..base.session import Session
    from .entries import Loss

_STATUSES = {"create": "created", "replace": "replaced", "keep": "kept", "skip": "skipped"}


class Recipe(NamedTuple):
    """A preset that is to become a named transformation.

    Attributes:
        name: Its name at the source.
        steps: Its steps, as `url` takes them; empty if none of it can be expressed.
        differences: What is lost, or not quite the same.
    """

    name: str
    steps: Sequence[Mapping[str, Any]]
    differences: Sequence[Loss]


class PlannedTransformation(NamedTuple):
    """A named transformation, and what to do with it.

    Attributes:
        action: ``skip`` if there is nothing to create, ``refuse`` if the name is taken by other steps.
        source: Its name at the source.
        name: Its name in ImageKit.
        steps: Its steps, as in a URL.
        differences: See `Recipe`.
        id: Id of the existing one.
        reason: Why it is skipped or refused.
    """

    action: Literal["create", "replace", "keep", "skip", "refuse"]
    source: str
    name: str
    steps: str
    differences: Sequence[Loss] = ()
    id: str = ""
    reason: str = ""


def plan_transformations(
    recipes: Sequence[Recipe], existing: Sequence[NamedTransformationResult], *, may_replace: bool
) -> list[PlannedTransformation]:
    """Return what to do with each recipe.

    Names keep their letters, digits and underscores; other characters become ``_``, with a digest if that name is
    taken.

    Args:
        recipes: What to create.
        existing: The named transformations of the account.
        may_replace: Whether to change an existing one with other steps; otherwise the recipe is refused.
    """
    names = distinguish_names({recipe.name: re.sub("[^A-Za-z0-9_]", "_", recipe.name) for recipe in recipes})
    by_name = {one.name: one for one in existing}
    plan: list[PlannedTransformation] = []
    for recipe in recipes:
        steps = write_steps(recipe.steps, quote=quote_component)
        planned = PlannedTransformation("create", recipe.name, names[recipe.name], steps, recipe.differences)
        old = by_name.get(planned.name)
        if not steps:
            planned = planned._replace(action="skip", reason="none of it can be expressed")
        elif old is not None and old.transformation.removeprefix("tr:") == steps:
            planned = planned._replace(action="keep", id=old.id)
        elif old is not None and may_replace:
            planned = planned._replace(action="replace", id=old.id)
        elif old is not None:
            reason = f"{planned.name} exists with other steps ({old.transformation}): --replace changes it"
            planned = planned._replace(action="refuse", reason=reason)
        plan.append(planned)
    return plan


def warn_of_public_access(
    output: Output, plan: Sequence[PlannedTransformation], existing: Sequence[NamedTransformationResult]
) -> None:
    """Warn that named transformations make private files public.

    Args:
        output: Where to warn.
        plan: What to do; new ones are to be disabled.
        existing: The named transformations of the account.
    Source: ImageKit docs, "Private images": they need a signature, except with a named transformation.
    """
    rule = "ImageKit delivers private files with a named transformation to everyone"
    if enabled := [one.name for one in existing if one.enabled]:
        output.warn(f"{rule}, and these are enabled: {join_some(enabled, ', ')}")
    if any(planned.action == "create" for planned in plan):
        output.warn(
            f"{rule}, so new ones are disabled; to enable one: imagekit account transformations update NAME --enabled"
        )


class TransformationMaker:
    """Creates named transformations, or reports what it would do.

    Args:
        session: The run of the command.
        plan: What to do.
        enabled: Whether new ones are enabled.
    """

    def __init__(self, session: Session, plan: Sequence[PlannedTransformation], *, enabled: bool) -> None:
        self._session = session
        self._output = session.output
        self._plan = plan
        self._enabled = enabled

    def run(self, outcomes: Outcomes, *, is_dry_run: bool) -> None:
        """Create, change or keep each one and report it, with warnings about what is lost.

        Args:
            outcomes: Counter of the outcomes.
            is_dry_run: Whether to change nothing.
        """
        for planned in self._plan:
            if planned.action != "keep":
                self._warn(planned)
            error: Exception | None = Failure(planned.reason) if planned.action == "refuse" else None
            if error is None and not is_dry_run:
                try:
                    self._make(planned)
                except ImageKitException as exc:
                    error = exc
            if error is None:
                outcomes.add_success(was_sent=planned.action in ("create", "replace") and not is_dry_run)
                self._report(planned, is_dry_run=is_dry_run)
            else:
                outcomes.add_failure(f"preset {planned.source}", error, {"preset": planned.source})

    def _make(self, planned: PlannedTransformation) -> None:
        client = self._session.client
        if planned.action == "create":
            client.create_named_transformation(name=planned.name, transformation=planned.steps, enabled=self._enabled)
        elif planned.action == "replace":
            client.update_named_transformation(planned.id, transformation=planned.steps)

    def _warn(self, planned: PlannedTransformation) -> None:
        for name, value, reason in planned.differences:
            self._output.warn(f"preset {planned.source}: {name} {value!r}: {reason}")
        if planned.action == "skip":
            self._output.warn(f"preset {planned.source} is left out: {planned.reason}")

    def _report(self, planned: PlannedTransformation, *, is_dry_run: bool) -> None:
        is_change = planned.action in ("create", "replace")
        status = _STATUSES[planned.action]
        text = f"named transformation {planned.name} ({planned.steps}) from preset {planned.source}"
        record = {
            "status": status,
            "preset": planned.source,
            "namedTransformation": planned.name if planned.steps else None,
            "transformation": planned.steps,
            "differences": describe_losses(planned.differences),
        }
        if is_change and is_dry_run:
            self._output.print_planned(planned.action, record, text)
        elif self._output.as_json:
            self._output.print_record(record)
        elif is_change:
            self._output.note(f"{status} {text}")
