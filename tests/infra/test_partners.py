"""Partners on AWS: carriers by the hundred, and what is agreed with each as the function reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from infra.carrier_clients import CarrierClients
from infra.deploy import Carrier
from infra.keeping import Keeping
from infra.partner_settings import MOST, PartnerSettings
from infra.target import target_of
from ryoji.adapters.settings import PARTS
from ryoji.permissions.carrier import Carrier as Read
from ryoji.permissions.carrier import carrier_called, carrier_of
from tests.infra.conftest import CONTEXTS

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised

CODES = [f"{first}{second}" for first in "0123456789" for second in "ABCDEFGHIJ"]


def _agreed(code: str) -> dict[str, Any]:
    """A carrier with which everything was agreed."""
    return {
        "code": code,
        "designators": [code, f"{code}X", f"{code}Y"],
        "suspended": False,
        "calls": 3000,
        "passengers": 100_000,
        "unknown_a_day": 1000,
        "push": {
            "url": f"https://departure-control.{code.lower()}.example/ryoji/changes",
            "format": "edifact",
        },
        "renewed": 1,
    }


def _stack(folder: Path, carriers: list[dict[str, Any]]) -> dict[str, Any]:
    """The carriers' own stack, with the pool that their clients are of."""
    context = CONTEXTS["aws"]
    partners = {**context["partners"], "carriers": carriers}
    app = cdk.App(context={**context, "partners": partners}, outdir=str(folder))
    target = target_of(app.node)
    env = cdk.Environment(account=target.account, region=target.region)
    CarrierClients(app, "RyojiCarriers", target, Keeping(app, "RyojiKeeping", target, env=env), env=env)
    template: dict[str, Any] = app.synth().get_stack_by_name("RyojiCarriers").template
    return template


def _value(parameter: dict[str, Any]) -> str:
    """What the parameter will hold, with ids as long as Cognito's."""
    value = parameter["Properties"]["Value"]
    pieces = [value] if isinstance(value, str) else value["Fn::Join"][1]
    return "".join(each if isinstance(each, str) else f"{each['Ref']:.26}".ljust(26, "0") for each in pieces)


def _parameters(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        each["Properties"]["Name"]: each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SSM::Parameter"
    }


def test_a_hundred_carriers_fit(tmp_path: Path) -> None:
    template = _stack(tmp_path, [_agreed(code) for code in CODES])
    assert len(template["Resources"]) < 500
    assert len(template["Outputs"]) == 100
    values = {name: _value(each) for name, each in _parameters(template).items()}
    assert set(values) == {f"/ryoji/partners/carriers/{part}" for part in range(PARTS)}
    assert max(map(len, values.values())) < MOST
    settings = {"carriers": [each for value in values.values() for each in json.loads(value)]}
    clients = {each["client"] for each in settings["carriers"]}
    assert len(clients) == 100
    assert {carrier_of(client, settings).code for client in clients} == set(CODES)


def test_a_carrier_stays_where_it_is_whoever_comes(tmp_path: Path) -> None:
    few = _parameters(_stack(tmp_path / "few", [_agreed("XB")]))
    more = _parameters(_stack(tmp_path / "more", [_agreed(code) for code in ("XA", "XB", "XC")]))
    (place,) = (name for name, each in few.items() if "XB" in _value(each))
    assert '"XB"' in _value(more[place])


def test_a_carrier_whose_client_is_renewed_has_another(tmp_path: Path) -> None:
    clients = []
    for renewed in (0, 1, 2):
        template = _stack(tmp_path / str(renewed), [{**_agreed("XA"), "renewed": renewed}])
        clients.append(template["Outputs"]["CarrierXAClient"]["Value"]["Ref"])
        assert [
            name
            for name, each in template["Resources"].items()
            if each["Type"] == "AWS::Cognito::UserPoolClient"
        ] == clients[-1:]
    assert len(set(clients)) == 3


def test_a_parameter_that_cannot_hold_its_settings_is_named() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    PartnerSettings(stack, "Three", "/ryoji/partners/card", {"anchors": ["x" * 2000] * 3})
    with pytest.raises(ValueError, match=r"/ryoji/partners/card have 10\d\d\d characters.*docs/deploy\.md"):
        PartnerSettings(stack, "Five", "/ryoji/partners/card", {"anchors": ["x" * 2000] * 5})


def test_the_function_reads_what_the_deployment_took() -> None:
    taken = Carrier.model_validate_json(json.dumps(_agreed("XA")))
    assert set(Carrier.model_fields) - set(Read.model_fields) == {"renewed"}
    read = carrier_called("XA", {"carriers": [{**_agreed("XA"), "client": "an id of Cognito's"}]})
    assert read is not None
    assert read.model_dump() == taken.model_dump(exclude={"renewed"})


def _reading(of: Synthesised, function: str) -> list[Any]:
    policies: list[Found] = [
        each for each in of.all("AWS::IAM::Policy") if each.id.startswith(f"Functions{function}Role")
    ]
    return [
        statement["Resource"]
        for policy in policies
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Action"] == "ssm:GetParameters"
    ]


def test_on_aws_the_carriers_functions_read_their_parameters_and_no_other(aws: Synthesised) -> None:
    for function in ("AnswerCarriers", "NotifyCarriers"):
        (resources,) = _reading(aws, function)
        names = [re.search(r"parameter(/[^\"]+)", json.dumps(each)) for each in resources]
        assert [each and each[1] for each in names] == [
            f"/ryoji/partners/carriers/{part}" for part in range(PARTS)
        ]
