"""Deploying says what is in the way, passes all that the app needs, and what it costs is what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra import deploy, idle_cost
from infra.build import ROOT
from ryoji.permissions.carrier import CALLS, PASSENGERS, UNKNOWN_A_DAY

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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "x-a"}, "carriers.0.code"),
        ({"designators": []}, "carriers.0.designators"),
        ({"designators": ["XA", "XA339"]}, "carriers.0.designators.1"),
        ({"suspended": "no"}, "carriers.0.suspended"),
        ({"calls": 0}, "carriers.0.calls"),
        ({"client": "an id"}, "carriers.0.client"),
        ({"push": {"url": "http://xa.example/"}}, "carriers.0.push.url"),
        ({"push": {"url": "https://xa.example/", "format": "xml"}}, "carriers.0.push.format"),
    ],
)
def test_what_is_wrong_with_a_carrier_is_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    path, wrong = tmp_path / "aws.json", _example()
    wrong["partners"]["carriers"][0].update(change)
    path.write_text(json.dumps(wrong))
    with pytest.raises(SystemExit, match=re.escape(f"partners.{said}")):
        deploy.read(path)


def test_no_two_carriers_have_one_code(tmp_path: Path) -> None:
    path, wrong = tmp_path / "aws.json", _example()
    wrong["partners"]["carriers"] *= 2
    path.write_text(json.dumps(wrong))
    with pytest.raises(SystemExit, match="more than one carrier has the code XA"):
        deploy.read(path)


def test_the_page_explains_every_setting_of_a_carrier() -> None:
    explained = PAGE.partition("### Carriers")[2].partition("## 7.")[0]
    fields = {*deploy.Carrier.model_fields} - {"push"} | {f"push.{name}" for name in deploy.Push.model_fields}
    assert {name for name in fields if f"`{name}`" not in explained} == set()
    for usual in (CALLS, PASSENGERS, UNKNOWN_A_DAY):
        assert re.search(rf"\b({usual}|{usual:,})\b", explained), usual


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


def test_what_is_kept_by_law_is_destroyed_only_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "aws.json"
    path.write_text(json.dumps(_example()))
    context = deploy.read(path)
    assert "RyojiKeeping" not in deploy.command("destroy", context, [])
    assert "RyojiKeeping" in deploy.command("destroy", context, ["RyojiKeeping"])


def test_every_stack_but_what_is_kept_is_taken_down(aws: Synthesised) -> None:
    assert set(aws.templates) == {*deploy.REPLACEABLE, "RyojiKeeping"}


def test_the_page_names_what_is_protected_from_deletion(aws: Synthesised) -> None:
    taken_down = PAGE.partition("## 9.")[2]
    tables = [
        found.id
        for found in aws.all("AWS::DynamoDB::GlobalTable")
        if found.properties["Replicas"][0].get("DeletionProtectionEnabled")
    ]
    pools = [
        found.id
        for found in aws.all("AWS::Cognito::UserPool")
        if found.properties.get("DeletionProtection") == "ACTIVE"
    ]
    assert (len(tables), len(pools)) == (3, 3)
    for found in (*tables, *pools):
        assert f"`{found[:-8]}`" in taken_down, found


def test_the_page_lets_nobody_forget_the_first_watch_list() -> None:
    assert "how-to/publish-a-watch-list.md" in PAGE.partition("## 7.")[0]
    role = (ROOT / "docs" / "how-to" / "publish-a-watch-list.md").read_text(encoding="utf-8")
    # The bucket is encrypted with a key of ours.
    assert all(action in role for action in ("kms:GenerateDataKey", "kms:Decrypt"))


def test_the_page_gives_officers_a_password_that_they_can_begin_with() -> None:
    made = re.search(r"admin-create-user .+", PAGE)
    assert made
    assert "--temporary-password" in made[0]
    assert "--message-action SUPPRESS" in made[0]


def test_the_idle_bill_is_the_pages(aws: Synthesised) -> None:
    bill = idle_cost.table(idle_cost.idle(aws.templates))
    assert bill in PAGE, f"docs/deploy.md should say:\n{bill}"
