from __future__ import annotations

import pytest

from imagekitio.cli.migration.entries import Loss
from imagekitio.cli.migration.named_transformations import PlannedTransformation, Recipe, plan_transformations
from imagekitio.models.account.named_transformations import NamedTransformationResult

LOSS = Loss("crop", "entropy", "becomes auto")


def existing(name: str, steps: str) -> NamedTransformationResult:
    return NamedTransformationResult.from_json({"id": f"nt_{name}", "name": name, "transformation": steps})


def test_a_new_one_is_created_under_its_name_and_its_differences_are_kept() -> None:
    recipe = Recipe("thumb", [{"rotation": 90}, {"width": 300, "format": "jpg"}], [LOSS])
    (planned,) = plan_transformations([recipe], [existing("other", "w-1")], may_replace=False)
    assert planned == PlannedTransformation("create", "thumb", "thumb", "rt-90:w-300,f-jpg", [LOSS])


def test_names_lose_hyphens_and_stay_distinct() -> None:
    names = ["hero-image", "hero_image", "og-1", "og_2"]
    plan = plan_transformations([Recipe(name, [{"width": 1}], []) for name in names], [], may_replace=False)
    assert [(one.source, one.name) for one in plan] == [
        ("hero-image", "hero_image_59a63a93"),
        ("hero_image", "hero_image"),
        ("og-1", "og_1"),
        ("og_2", "og_2"),
    ]


@pytest.mark.parametrize("may_replace", [False, True])
@pytest.mark.parametrize("steps", ["w-300", "tr:w-300"])
def test_an_existing_one_with_the_same_steps_is_kept(steps: str, may_replace: bool) -> None:
    plan = plan_transformations([Recipe("a", [{"width": 300}], [])], [existing("a", steps)], may_replace=may_replace)
    assert plan == [PlannedTransformation("keep", "a", "a", "w-300", [], "nt_a")]


def test_an_existing_one_with_other_steps_is_changed_only_on_request() -> None:
    recipes = [Recipe("a", [{"width": 300}], [])]
    reason = "a exists with other steps (w-200): --replace changes it"
    plan = plan_transformations(recipes, [existing("a", "w-200")], may_replace=False)
    assert plan == [PlannedTransformation("refuse", "a", "a", "w-300", [], reason=reason)]
    plan = plan_transformations(recipes, [existing("a", "w-200")], may_replace=True)
    assert plan == [PlannedTransformation("replace", "a", "a", "w-300", [], "nt_a")]


def test_one_without_steps_is_skipped() -> None:
    plan = plan_transformations([Recipe("a", [], [LOSS])], [], may_replace=True)
    expected = PlannedTransformation("skip", "a", "a", "", [LOSS], reason="none of it can be expressed")
    assert plan == [expected]
