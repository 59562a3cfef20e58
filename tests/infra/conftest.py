"""Both targets, synthesised once: their templates, and what the rules find when nothing is acknowledged."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

import infra.app
import infra.build
import infra.edge
import infra.functions
import infra.nag
from infra.target import Target

ROOT = Path(__file__).parents[2]
PARTNERS = {
    "card": {"anchors": [], "ocsp_url": "https://card.example/ocsp", "page": "https://card.example/"},
    "stripe": {"publishable_key": "pk_test_of_a_test"},
    "printing": {"url": "https://printing.example"},
    "carriers": [
        {
            "code": "XA",
            "designators": ["XA", "XAX"],
            "push": {"url": "https://xa.example/changes", "format": "edifact"},
        }
    ],
}
ACCOUNT = "111122223333"
CONTEXTS: dict[str, dict[str, Any]] = {
    "local": {"target": "local", "dependencies": "/packages", "partners": PARTNERS},
    "aws": {
        "target": "aws",
        "account": ACCOUNT,
        "site": "https://ryoji.example",
        "certificate": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000",
        "alarm_mail": "duty@ryoji.example",
        "partners": PARTNERS,
    },
}


@dataclass(frozen=True)
class Found:
    """One resource of a template."""

    stack: str
    id: str
    kind: str
    whole: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        held: dict[str, Any] = self.whole.get("Properties", {})
        return held


@dataclass(frozen=True)
class Synthesised:
    """One target's templates by stack."""

    target: Target
    templates: dict[str, dict[str, Any]]
    folder: Path

    def all(self, kind: str) -> list[Found]:
        """The resources of a type, in all stacks."""
        return [
            Found(stack, name, kind, resource)
            for stack, template in self.templates.items()
            for name, resource in template["Resources"].items()
            if resource["Type"] == kind
        ]

    def every(self) -> Iterator[Found]:
        """All resources."""
        for stack, template in self.templates.items():
            for name, resource in template["Resources"].items():
                yield Found(stack, name, resource["Type"], resource)

    def named(self, reference: Any) -> str:
        """The resource's logical id behind a Ref, a GetAtt or an import of another stack's export."""
        if "Ref" in reference:
            return str(reference["Ref"])
        if "Fn::GetAtt" in reference:
            return str(reference["Fn::GetAtt"][0])
        export = reference["Fn::ImportValue"]
        for template in self.templates.values():
            for output in template.get("Outputs", {}).values():
                if output.get("Export", {}).get("Name") == export:
                    return self.named(output["Value"])
        raise KeyError(export)


def _app(name: str, folder: Path) -> tuple[cdk.App, Target]:
    context = {**json.loads((ROOT / "cdk.json").read_text())["context"], **CONTEXTS[name]}
    app = cdk.App(context=context, outdir=str(folder))
    return app, infra.app.build(app)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing needs to be built before: empty packages, an empty site, a build folder of the tests' own."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("built")
    (folder / "packages" / "python").mkdir(parents=True)
    (folder / "site" / "assets").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("<!doctype html>")
    (folder / "site" / "assets" / "page.js").write_text("0")
    patch.setattr(infra.build, "BUILD", folder / "build")
    patch.setattr(infra.functions, "_packages", lambda: folder / "packages")
    patch.setattr(infra.edge, "SITE_FILES", folder / "site")
    # Putting the domain together once is enough for four apps.
    layer = infra.build.domain_layer()
    patch.setattr(infra.functions, "domain_layer", lambda: layer)
    yield
    patch.undo()


def _synthesise(name: str, folder: Path) -> Synthesised:
    app, target = _app(name, folder)
    assembly = app.synth()
    templates = {stack.stack_name: dict(stack.template) for stack in assembly.stacks}
    return Synthesised(target, templates, folder)


@pytest.fixture(scope="session")
def aws(built: None, tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """What goes to AWS. Synthesis raises when a rule is broken."""
    return _synthesise("aws", tmp_path_factory.mktemp("aws"))


@pytest.fixture(scope="session")
def local(built: None, tmp_path_factory: pytest.TempPathFactory) -> Synthesised:
    """What goes to the laptop."""
    return _synthesise("local", tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session", params=["local", "aws"])
def either(request: pytest.FixtureRequest) -> Synthesised:
    """Both, one after the other."""
    found: Synthesised = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session", params=["local", "aws"])
def unacknowledged(
    request: pytest.FixtureRequest, built: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Target, set[tuple[str, str]]]:
    """The target and what the rules find, as `(place, rule)`, when nothing is acknowledged."""
    folder = tmp_path_factory.mktemp(f"bare-{request.param}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(infra.nag, "acknowledged", lambda _target: ())
        app, target = _app(request.param, folder)
        with contextlib.suppress(RuntimeError):
            app.synth()
    report = json.loads((folder / "validation-report.json").read_text())
    found = {
        (construct["constructPath"], violation["ruleName"])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }
    return target, found


@pytest.fixture(scope="session")
def machines() -> dict[str, dict[str, Any]]:
    """The definitions of all state machines by name."""
    files = sorted((ROOT / "statemachines").glob("*.asl.json"))
    return {path.name.removesuffix(".asl.json"): json.loads(path.read_text()) for path in files}
