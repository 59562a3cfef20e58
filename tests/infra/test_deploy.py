"""Deploying says what is in the way, passes all that the app needs, and what it costs is what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra import deploy, idle_cost
from infra.build import ROOT

if TYPE_CHECKING:
    from tests.infra.conftest import Synthesised

PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def _example() -> dict[str, Any]:
    """The context that the page shows."""
    shown = re.search(r"```json\n(.+?)\n```", PAGE, re.S)
    assert shown
    held: dict[str, Any] = json.loads(shown[1])
    return held


def test_the_pages_example_is_right(tmp_path: Path) -> None:
    path = tmp_path / "aws.json"
    path.write_text(json.dumps(_example()))
    arguments = deploy.read(path).arguments()
    given = dict(value.split("=", 1) for value in arguments[1::2])
    assert set(arguments[::2]) == {"-c"}
    assert given["target"] == "aws"
    assert json.loads(given["partners"]) == _example()["partners"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"account": "12"}, "account"),
        ({"site": "http://insecure.example"}, "site"),
        ({"certificate": "arn:aws:acm:ap-northeast-1:111122223333:certificate/1"}, "certificate"),
        ({"stripe_secret": "sk_live_1"}, "stripe_secret"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "aws.json"
    path.write_text(json.dumps({**_example(), **change}))
    with pytest.raises(SystemExit, match=said):
        deploy.read(path)


def test_without_a_context_the_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"docs/deploy\.md"):
        deploy.read(tmp_path / "aws.json")


def test_the_context_is_not_tracked() -> None:
    assert "aws.json" in (ROOT / ".gitignore").read_text().split()


def test_all_stacks_are_deployed_and_wider_permissions_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "aws.json"
    path.write_text(json.dumps(_example()))
    call = deploy.command("deploy", deploy.read(path), [])
    assert call[1:5] == ["deploy", "--all", "--require-approval", "broadening"]


def test_the_idle_bill_is_the_pages(aws: Synthesised) -> None:
    bill = idle_cost.table(idle_cost.idle(aws.templates))
    assert bill in PAGE, f"docs/deploy.md should say:\n{bill}"
