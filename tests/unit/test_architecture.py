"""The rules of the house that a machine can hold: which way imports go, names, sizes, what a machine must have."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "ryoji" / "python" / "ryoji"
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))
NAMELESS = {"util", "utils", "helper", "helpers", "manager", "service", "common", "misc"}
# A function's folder that is longer than this has a reason, written as a comment `# Long because …`.
MOST_LINES = 100


def test_imports_go_one_way() -> None:
    # A process of its own: in this one it would silence every logger that is there.
    linter = Path(sys.executable).with_name("lint-imports")
    there = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [linter, "--config", "pyproject.toml", "--no-cache"],
        cwd=ROOT,
        env=there,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_part_of_the_package_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layered = {name.strip() for layer in contracts[0]["layers"] for name in layer.split(":")}
    parts = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert layered == {f"ryoji.{part}" for part in parts - {"__init__"}}
    outside = {"ryoji.__main__", "ryoji.command", "ryoji.doors", "ryoji.adapters"}
    assert set(contracts[1]["source_modules"]) == layered - outside


def test_no_module_is_named_after_nothing() -> None:
    for top in ("layers/ryoji/python", "functions", "infra", "local", "simulators", "benchmarks"):
        for path in (ROOT / top).rglob("*.py"):
            place = {path.stem, *path.relative_to(ROOT).parent.parts}
            # `infra/service.py` is the stack of what is replaced at each deployment, not a layer of services.
            assert not place & NAMELESS or path.relative_to(ROOT).as_posix() == "infra/service.py", path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "functions").glob("*/app.py")), ids=lambda path: path.parent.name
)
def test_a_function_is_short_or_says_why_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES or "# Long because" in text


@pytest.mark.parametrize(
    "path", sorted((ROOT / "functions").glob("*/app.py")), ids=lambda path: path.parent.name
)
def test_a_function_imports_no_other_and_reaches_aws_through_the_adapters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            assert name.split(".")[0] not in ("functions", "boto3", "botocore", "pynamodb", "stripe"), name


State = dict[str, Any]


def states(of: State, fallback: bool = False) -> Iterator[tuple[str, State, bool]]:
    """Every state with its name, inner ones too, and whether another state of its branch falls back on it."""
    for name, state in of["States"].items():
        yield name, state, fallback and name in caught(of)
        for branch in state.get("Branches", []):
            yield from states(branch, fallback=True)
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"], fallback=True)


def caught(of: State) -> set[str]:
    return {catch["Next"] for state in of["States"].values() for catch in state.get("Catch", [])}


TASKS = [
    pytest.param(state, fallback, id=f"{path.name.removesuffix('.asl.json')}: {name}")
    for path in MACHINES
    for name, state, fallback in states(json.loads(path.read_text(encoding="utf-8")))
    if state["Type"] == "Task"
]


def test_there_are_machines_and_tasks() -> None:
    assert len(MACHINES) >= 5
    assert len(TASKS) >= 15


@pytest.mark.parametrize(("task", "fallback"), TASKS)
def test_every_task_is_tried_again_caught_and_bounded(task: State, fallback: bool) -> None:
    assert task["Retry"]
    for retry in task["Retry"]:
        assert retry["JitterStrategy"] == "FULL"
        assert retry["MaxAttempts"] >= 1
    assert 0 < task["TimeoutSeconds"] <= 63072000
    # What a branch falls back on has nothing behind it: the Parallel state itself catches it.
    assert fallback or any("States.ALL" in catch["ErrorEquals"] for catch in task["Catch"])


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_parallel_states_catch_what_their_branches_let_through(path: Path) -> None:
    for _, state, _ in states(json.loads(path.read_text(encoding="utf-8"))):
        if state["Type"] in ("Parallel", "Map"):
            assert any("States.ALL" in catch["ErrorEquals"] for catch in state["Catch"])


# What may stand in a machine's input, variables and payloads: references and words of the machine itself.
REFERENCES = {
    "case_id",
    "stage",
    "round",
    "outcome",
    "do",
    "check",
    "token",
    "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID",
}


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_machines_carry_references_and_no_personal_data(path: Path) -> None:
    machine = json.loads(path.read_text(encoding="utf-8"))
    assert machine["QueryLanguage"] == "JSONata"
    for name, state, _ in states(machine):
        carried = set(state.get("Assign", {})) | set(state.get("Output", {}))
        arguments = state.get("Arguments", {})
        carried |= set(arguments.get("Payload", {})) | set(arguments.get("Input", {}))
        assert carried <= REFERENCES, (name, carried - REFERENCES)


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_every_state_can_be_reached_and_leads_on(path: Path) -> None:
    for of in machines_in(json.loads(path.read_text(encoding="utf-8"))):
        reached, waiting = set(), [of["StartAt"]]
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            waiting += leads_to(of["States"][name])
        assert reached == set(of["States"])


def machines_in(of: State) -> Iterator[State]:
    yield of
    for state in of["States"].values():
        for branch in state.get("Branches", []):
            yield from machines_in(branch)


def leads_to(state: State) -> list[str]:
    following = [choice["Next"] for choice in state.get("Choices", [])]
    following += [catch["Next"] for catch in state.get("Catch", [])]
    following += [state[key] for key in ("Next", "Default") if key in state]
    assert following or state.get("End") or state["Type"] in ("Fail", "Succeed")
    return following
