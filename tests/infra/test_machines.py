"""Every machine is well-formed, every outcome of a step is handled, and every route through ends where it should."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cfnlint  # type: ignore[import-untyped]  # it carries none
import pytest

from infra.build import ROOT
from infra.machines import FAMILIES, STAGES, stages_of
from ryoji.cases import waits

if TYPE_CHECKING:
    from tests.infra.conftest import Synthesised

Definition = dict[str, Any]
MACHINES = sorted(path.name.removesuffix(".asl.json") for path in (ROOT / "statemachines").glob("*.asl.json"))
OPERATOR = "The case needs an operator"
VALIDATOR = ROOT / "node_modules" / ".bin" / "asl-validator"


def _deployed(name: str) -> str:
    """The definition as it is deployed: names replaced by ARNs."""
    text = (ROOT / "statemachines" / f"{name}.asl.json").read_text()
    text = re.sub(r"\$\{(\w+)Machine\}", r"arn:aws:states:ap-northeast-1:111122223333:stateMachine:\1", text)
    return re.sub(r"\$\{(\w+)\}", r"arn:aws:lambda:ap-northeast-1:111122223333:function:\1", text)


def _states(definition: Definition) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in definition["States"].items():
        yield name, state
        for branch in state.get("Branches", []):
            yield from _states(branch)


def test_every_machine_is_deployed() -> None:
    assert sorted({*STAGES, *FAMILIES}) == MACHINES


@pytest.mark.parametrize("name", MACHINES)
def test_definitions_are_valid(name: str, tmp_path: Path) -> None:
    assert VALIDATOR.is_file(), "npm ci installs asl-validator"
    path = tmp_path / f"{name}.asl.json"
    path.write_text(_deployed(name))
    ran = subprocess.run(
        [str(VALIDATOR), "--json-path", str(path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", MACHINES)
def test_the_linter_finds_nothing_in_definitions(name: str) -> None:
    template = {
        "Resources": {
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "RoleArn": "arn:aws:iam::111122223333:role/machine",
                    "Definition": json.loads(_deployed(name)),
                },
            }
        }
    }
    config = cfnlint.api.ManualArgs(regions=["ap-northeast-1"])
    assert cfnlint.api.lint(json.dumps(template), config=config) == []


@pytest.mark.parametrize("name", MACHINES)
def test_every_task_ends_and_tries_again_with_pauses(name: str, machines: dict[str, Definition]) -> None:
    for title, state in _states(machines[name]):
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] > 0, title
            for retry in state["Retry"]:
                assert retry["JitterStrategy"] == "FULL", title
                assert retry["MaxAttempts"] >= 3, title


@pytest.mark.parametrize("name", MACHINES)
def test_every_failure_is_caught(name: str, machines: dict[str, Definition]) -> None:
    for title, state in machines[name]["States"].items():
        if state["Type"] in ("Task", "Parallel"):
            assert [c["ErrorEquals"] for c in state["Catch"]] == [["States.ALL"]], title


@pytest.mark.parametrize("name", MACHINES)
def test_executions_hold_references_only(name: str, machines: dict[str, Definition]) -> None:
    allowed = {"case_id", "do", "token", "stage", "check", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID"}
    for title, state in _states(machines[name]):
        arguments = state.get("Arguments", {})
        assert set(arguments.get("Payload", arguments.get("Input", {}))) <= allowed, title


@pytest.mark.parametrize("name", MACHINES)
def test_waits_end_with_what_the_history_says(name: str, machines: dict[str, Definition]) -> None:
    """A wait's answer is `{"outcome": …}` (ryoji.adapters.machines.complete), a function's is in `Payload`."""
    for title, state in _states(machines[name]):
        assigned = state.get("Assign", {}).get("outcome", "")
        resource = state.get("Resource", "")
        if resource.endswith("waitForTaskToken"):
            assert assigned == "{% $states.result.outcome %}", title
            assert state["Arguments"]["Payload"]["token"] == "{% $states.context.Task.Token %}", title
        elif resource.endswith("startExecution.sync:2"):
            assert assigned == "{% $states.result.Output.outcome %}", title


# --- every route -----------------------------------------------------------------------------------------------

Script = dict[str, list[str]]
Route = tuple[str, str, Script, list[str]]

# machine, stage to begin at, what each task answers in turn ("!" is a failure), the tasks that are taken.
ROUTES: list[Route] = [
    (
        "passport",
        "evidence",
        {
            "Check the evidence": ["entered"],
            "Review the application": ["approved"],
            "Collect the fee": ["paid"],
            "Have the book made": ["produced"],
            "Hand the book over": ["handed_over"],
        },
        ["Check the evidence", "Review the application", "Collect the fee", "Have the book made",
         "Hand the book over"],
    ),
    (
        "passport",
        "evidence",
        {
            "Check the evidence": ["entered", "entered"],
            "Review the application": ["corrected", "refused"],
        },
        ["Check the evidence", "Review the application", "Check the evidence", "Review the application"],
    ),
    *(
        (family, "evidence", {"Check the evidence": [outcome]}, ["Check the evidence"])
        for family in ("passport", "visa", "authorization")
        for outcome in ("ended", "rejected")
    ),
    ("passport", "review", {"Review the application": ["ended"]}, ["Review the application"]),
    ("passport", "review", {"Review the application": ["refused"]}, ["Review the application"]),
    ("passport", "payment", {"Collect the fee": ["ended"]}, ["Collect the fee"]),
    (
        "passport",
        "production",
        {"Have the book made": ["produced"], "Hand the book over": ["ended"]},
        ["Have the book made", "Hand the book over"],
    ),
    ("passport", "production", {"Have the book made": ["ended"]}, ["Have the book made"]),
    ("passport", "handover", {"Hand the book over": ["handed_over"]}, ["Hand the book over"]),
    *(
        ("passport", stage, {task: ["!"]}, [task, OPERATOR])
        for stage, task in (
            ("evidence", "Check the evidence"),
            ("review", "Review the application"),
            ("payment", "Collect the fee"),
            ("production", "Have the book made"),
            ("handover", "Hand the book over"),
        )
    ),
    *(
        route
        for family, first in (
            ("visa", {"Check the evidence": ["entered"]}),
            (
                "authorization",
                {"Check the evidence": ["entered"], "Grant when every check has passed": ["review"]},
            ),
        )
        for route in (
            (
                family,
                "evidence",
                {
                    **first,
                    "Review the application": ["approved"],
                    "Collect the fee": ["paid"],
                    "Enter the issuance": ["entered"],
                    "Seal and issue": ["issued"],
                },
                [*first, "Review the application", "Collect the fee", "Enter the issuance", "Seal and issue"],
            ),
            (
                family,
                "evidence",
                {
                    **{task: [*answer, *answer] for task, answer in first.items()},
                    "Review the application": ["corrected", "refused"],
                },
                [*first, "Review the application", *first, "Review the application"],
            ),
            (family, "review", {"Review the application": ["refused"]}, ["Review the application"]),
            (family, "payment", {"Collect the fee": ["ended"]}, ["Collect the fee"]),
            (family, "payment", {"Collect the fee": ["recalled"]}, ["Collect the fee"]),
            (family, "issuance", {"Enter the issuance": ["ended"]}, ["Enter the issuance"]),
            *(
                (family, stage, {task: ["!"]}, [task, OPERATOR])
                for stage, task in (
                    ("evidence", "Check the evidence"),
                    ("review", "Review the application"),
                    ("payment", "Collect the fee"),
                    ("issuance", "Enter the issuance"),
                )
            ),
            (
                family,
                "issuance",
                {"Enter the issuance": ["entered"], "Seal and issue": ["!"]},
                ["Enter the issuance", "Seal and issue", OPERATOR],
            ),
        )
    ),
    (
        "authorization",
        "evidence",
        {
            "Check the evidence": ["entered"],
            "Grant when every check has passed": ["approved"],
            "Collect the fee": ["paid"],
            "Enter the issuance": ["entered"],
            "Seal and issue": ["issued"],
        },
        ["Check the evidence", "Grant when every check has passed", "Collect the fee", "Enter the issuance",
         "Seal and issue"],
    ),
    (
        "authorization",
        "evidence",
        {"Check the evidence": ["entered"], "Grant when every check has passed": ["ended"]},
        ["Check the evidence", "Grant when every check has passed"],
    ),
    (
        "authorization",
        "evidence",
        {"Check the evidence": ["entered"], "Grant when every check has passed": ["!"]},
        ["Check the evidence", "Grant when every check has passed", OPERATOR],
    ),
    ("review", "", {"Wait for the decision": ["approved"]}, ["Wait for the decision"]),
    ("review", "", {"Wait for the decision": ["refused"]}, ["Wait for the decision"]),
    ("review", "", {"Wait for the decision": ["ended"]}, ["Wait for the decision"]),
    (
        "review",
        "",
        {"Wait for the decision": ["correction"], "Wait for the correction": ["corrected"]},
        ["Wait for the decision", "Wait for the correction"],
    ),
    (
        "review",
        "",
        {"Wait for the decision": ["correction"], "Wait for the correction": ["ended"]},
        ["Wait for the decision", "Wait for the correction"],
    ),
    ("review", "", {"Wait for the decision": ["!"]}, ["Wait for the decision", OPERATOR]),
    (
        "review",
        "",
        {"Wait for the decision": ["correction"], "Wait for the correction": ["!"]},
        ["Wait for the decision", "Wait for the correction", OPERATOR],
    ),
    ("payment", "", {"Wait for the payment": ["paid"]}, ["Wait for the payment"]),
    ("payment", "", {"Wait for the payment": ["ended"]}, ["Wait for the payment"]),
    ("payment", "", {"Wait for the payment": ["recalled"]}, ["Wait for the payment"]),
    ("payment", "", {"Wait for the payment": ["!"]}, ["Wait for the payment", OPERATOR]),
    ("handover", "", {"Wait for the person to come": ["handed_over"]}, ["Wait for the person to come"]),
    ("handover", "", {"Wait for the person to come": ["ended"]}, ["Wait for the person to come"]),
    ("handover", "", {"Wait for the person to come": ["!"]}, ["Wait for the person to come", OPERATOR]),
    (
        "evidence",
        "",
        {"Enter the evidence stage": ["entered"], "Look at all the evidence": [""]},
        ["Enter the evidence stage", "Look at all the evidence"],
    ),
    ("evidence", "", {"Enter the evidence stage": ["ended"]}, ["Enter the evidence stage"]),
    ("evidence", "", {"Enter the evidence stage": ["rejected"]}, ["Enter the evidence stage"]),
    ("evidence", "", {"Enter the evidence stage": ["!"]}, ["Enter the evidence stage", OPERATOR]),
    (
        "evidence",
        "",
        {"Enter the evidence stage": ["entered"], "Look at all the evidence": ["!"]},
        ["Enter the evidence stage", "Look at all the evidence", OPERATOR],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "stage", "answers", "taken"), ROUTES)
def test_routes(
    name: str, stage: str, answers: Script, taken: list[str], machines: dict[str, Definition]
) -> None:
    walked, outcome, known = walk(machines[name], stage, answers)
    assert walked == taken
    if OPERATOR not in taken:
        assert outcome == (answers[taken[-1]][-1] or known)


def test_every_state_is_walked_through_by_a_route(machines: dict[str, Definition]) -> None:
    for name, definition in machines.items():
        seen: set[str] = set()
        for machine, stage, answers, _taken in ROUTES:
            if machine == name:
                visit: list[str] = []
                walk(definition, stage, answers, visit)
                seen |= set(visit)
        assert seen == set(definition["States"]), name


def test_every_check_that_fails_is_recorded_and_stops_nothing(machines: dict[str, Definition]) -> None:
    branches = machines["evidence"]["States"]["Look at all the evidence"]["Branches"]
    checks = set()
    for branch in branches:
        first = branch["States"][branch["StartAt"]]
        (caught,) = first["Catch"]
        recorded = branch["States"][caught["Next"]]
        assert recorded["Arguments"]["Payload"]["do"] == "record_unavailable"
        checks.add(recorded["Arguments"]["Payload"]["check"])
        assert recorded["End"] is True
        assert first["End"] is True
    assert checks == {"identity", "travel_document", "portrait", "faces", "screening"}


def test_every_outcome_of_a_wait_has_a_route() -> None:
    """What the history can say of a task (ryoji.cases.waits) is what the routes above try."""
    source = Path(waits.__file__).read_text()
    said = set(re.findall(r'(?:return|if|else) "(\w+)"', source)) | set(re.findall(r'return "(\w+)"', source))
    said -= {"evidence", "review", "payment"}  # stages, from stage_to_go_on_from
    tried = {a for _m, _s, answers, _t in ROUTES for answer in answers.values() for a in answer}
    assert said <= tried
    assert {
        "approved",
        "refused",
        "correction",
        "corrected",
        "paid",
        "produced",
        "handed_over",
        "recalled",
        "ended",
    } <= said


def _named(choices: list[Definition]) -> set[str]:
    """The stages that stand between quotation marks in the conditions."""
    return {re.findall(r"'(\w+)'", choice["Condition"])[0] for choice in choices}


def test_the_family_begins_at_every_stage_that_a_dead_machine_goes_on_from(
    machines: dict[str, Definition],
) -> None:
    choices = machines["passport"]["States"]["Find the stage to go on from"]["Choices"]
    begun = _named(choices)
    assert begun | {"evidence"} == {"evidence", "review", "payment", "production", "handover"}
    for family in ("visa", "authorization"):
        choices = machines[family]["States"]["Find the stage to go on from"]["Choices"]
        begun = _named(choices)
        assert begun | {"evidence"} == {"evidence", "review", "payment", "issuance"}


def walk(
    definition: Definition, stage: str, answers: Script, visited: list[str] | None = None
) -> tuple[list[str], str, str]:
    """Walk a machine: the tasks taken (and the operator, if it came to that), the last outcome, the last known."""
    left = {task: list(each) for task, each in answers.items()}
    variables: dict[str, Any] = {"stage": stage, "outcome": "none", "round": 1}
    at, taken = definition["StartAt"], []
    for _ in range(60):
        state = definition["States"][at]
        if visited is not None:
            visited.append(at)
        if state["Type"] in ("Task", "Parallel", "Fail"):
            taken.append(at)
        if state["Type"] == "Fail" or state.get("End"):
            return taken, variables["outcome"], variables["outcome"]
        at = _next(at, state, left, variables)
    raise AssertionError("the machine goes round in circles")


def _next(at: str, state: dict[str, Any], left: Script, variables: dict[str, Any]) -> str:
    following = str(state.get("Next", state.get("Default")))
    if state["Type"] == "Choice":
        chosen = next((c for c in state["Choices"] if _holds(c["Condition"], variables)), None)
        return str(chosen["Next"]) if chosen else following
    if state["Type"] not in ("Task", "Parallel"):
        return following
    answer = left[at].pop(0)
    if answer == "!":
        return str(state["Catch"][0]["Next"])
    if "outcome" in state.get("Assign", {}) and answer:
        variables["outcome"] = answer
    return following


def _holds(condition: str, variables: dict[str, Any]) -> bool:
    equal = re.fullmatch(r"\{% \$(\w+) = '(\w+)' %\}", condition)
    assert equal, f"this test knows comparisons with a word only: {condition}"
    return bool(variables[equal[1]] == equal[2])


def test_rounds_have_names_of_their_own(machines: dict[str, Definition]) -> None:
    """A second review is another execution: its name has the round, and a correction counts it up."""
    for title, state in machines["passport"]["States"].items():
        if state.get("Resource", "").endswith("startExecution.sync:2"):
            assert "$string($round)" in state["Arguments"]["Name"], title
    (back,) = [
        choice
        for choice in machines["passport"]["States"]["Follow the decision"]["Choices"]
        if choice["Next"] == "Check the evidence"
    ]
    assert back["Assign"] == {"round": "{% $round + 1 %}"}


def test_machines_may_call_what_they_name(aws: Synthesised, machines: dict[str, Definition]) -> None:
    for name, uses in {**STAGES, **FAMILIES}.items():
        text = json.dumps(machines[name])
        named = set(re.findall(r"\$\{(\w+?)\}", text))
        titles = {"".join(part.capitalize() for part in use.split("_")) for use in uses}
        children = (
            {f"{stage.capitalize()}Machine" for stage in stages_of(name)} if name in FAMILIES else set()
        )
        assert named == titles | children, name


def test_what_moves_no_case_calls_no_function(aws: Synthesised) -> None:
    """Half of a case's actions: of these the mover is not told, and whoever writes letters judges for itself."""
    told = {}
    for found in aws.all("AWS::Lambda::EventSourceMapping"):
        patterns = found.properties.get("FilterCriteria", {}).get("Filters", [])
        images = [json.loads(each["Pattern"])["dynamodb"] for each in patterns]
        told[aws.named(found.properties["FunctionName"])] = [image.get("NewImage") for image in images]
    (mover,) = [images for name, images in told.items() if "MoveCases" in name]
    (writer,) = [images for name, images in told.items() if "SendMessages" in name]
    assert mover == [{"kind": {"S": [{"anything-but": sorted(waits.STILL)}]}}]
    assert writer == [None]
