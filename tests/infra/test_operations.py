"""A metric that nobody looks at does not exist, nor does one that nobody writes; every alarm has a runbook."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.build import ROOT, function_folders

if TYPE_CHECKING:
    from tests.infra.conftest import Found, Synthesised

DOORS = ROOT / "layers" / "ryoji" / "python" / "ryoji" / "doors"
RUNBOOKS = ROOT / "docs" / "runbooks"


def _literals(path: Path, name: str) -> list[str]:
    """The metric names in a dict literal: the values of a constant, or the keys of counts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            held: dict[str, Any] = ast.literal_eval(node.value)
            return [text for text in (*held, *held.values()) if isinstance(text, str) and text[0].isupper()]
    raise AssertionError(f"{path} has no {name}")


def _calls(path: Path) -> Iterator[str | None]:
    """The names that `add_metric` is called with; None where the name is computed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_metric":
            value = next(k.value for k in node.keywords if k.arg == "name")
            yield value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _added(path: Path) -> Iterator[str]:
    """The names that the carriers' door counts by, each in a call of its `_add`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_add":
            yield ast.literal_eval(node.args[0])


@pytest.fixture(scope="module")
def written() -> set[tuple[str, str]]:
    """What the functions write: `(function, metric)`."""
    found: set[tuple[str, str]] = set()
    computed = 0
    for folder in function_folders():
        for name in _calls(folder / "app.py"):
            computed += name is None
            found |= {(folder.name, name)} if name else set()
        found |= {(folder.name, name) for name in _calls(DOORS / "door.py") if name}
    mover = ROOT / "functions" / "move_cases" / "app.py"
    assert computed == 3, "a new computed name: say here where its names come from"
    for name in (*_literals(mover, "COUNTED"), *_literals(DOORS / "sweep.py", "counts")):
        found.add(("move_cases", name))
    found |= {("answer_carriers", name) for name in _added(ROOT / "functions" / "answer_carriers" / "app.py")}
    others = [p for p in (ROOT / "layers" / "ryoji").rglob("*.py") if p.name != "door.py" and any(_calls(p))]
    assert others == [], "metrics are written by functions and the door only"
    return found


def _alarms(of: Synthesised) -> list[Found]:
    return of.all("AWS::CloudWatch::Alarm")


def _boards(of: Synthesised) -> dict[str, str]:
    """The dashboards' bodies as text, by name."""

    def text(body: Any) -> str:
        parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
        return "".join(part if isinstance(part, str) else json.dumps(part) for part in parts)

    return {
        board.properties["DashboardName"]: text(board.properties["DashboardBody"])
        for board in of.all("AWS::CloudWatch::Dashboard")
    }


def _read(of: Synthesised) -> set[tuple[str, str]]:
    """What dashboards and alarms read of ours."""
    found = {
        (alarm.properties["Dimensions"][0]["Value"], alarm.properties["MetricName"])
        for alarm in _alarms(of)
        if alarm.properties["Namespace"] == "Ryoji"
    }
    for body in _boards(of).values():
        shown = re.findall(r'\["Ryoji","(\w+)","service","(\w+)"', body)
        found |= {(function, metric) for metric, function in shown}
    return found


def test_every_metric_is_looked_at_and_every_look_finds_one(
    either: Synthesised, written: set[tuple[str, str]]
) -> None:
    assert _read(either) == written


def test_every_function_has_an_error_alarm(either: Synthesised) -> None:
    functions = {f.id for f in either.all("AWS::Lambda::Function") if f.stack == "RyojiService"}
    watched = {
        either.named(alarm.properties["Dimensions"][0]["Value"])
        for alarm in _alarms(either)
        if (alarm.properties["Namespace"], alarm.properties["MetricName"]) == ("AWS/Lambda", "Errors")
    }
    assert watched == functions


def test_every_machine_is_watched_for_failing_and_for_waiting_too_long(either: Synthesised) -> None:
    machines = {m.id for m in either.all("AWS::StepFunctions::StateMachine")}
    for metric in ("ExecutionsFailed", "ExecutionsTimedOut"):
        watched = {
            either.named(alarm.properties["Dimensions"][0]["Value"])
            for alarm in _alarms(either)
            if alarm.properties["MetricName"] == metric
        }
        assert watched == machines, metric


def test_every_queue_has_a_consumer_or_an_alarm(either: Synthesised) -> None:
    consumed = {
        either.named(mapping.properties["EventSourceArn"])
        for mapping in either.all("AWS::Lambda::EventSourceMapping")
    }
    watched = {
        either.named(dimension["Value"])
        for alarm in _alarms(either)
        for dimension in alarm.properties.get("Dimensions", [])
        if dimension["Name"] == "QueueName"
    }
    for queue in either.all("AWS::SQS::Queue"):
        assert queue.id in consumed | watched, queue.id


def test_every_stream_reader_leaves_what_it_cannot_do_in_a_queue(either: Synthesised) -> None:
    mappings = either.all("AWS::Lambda::EventSourceMapping")
    # Two follow the cases, two the register and what carriers were told; queues feed two, and have ends of their own.
    assert len(mappings) == 6
    for mapping in mappings:
        queued = "StartingPosition" not in mapping.properties
        assert queued or "OnFailure" in mapping.properties["DestinationConfig"], mapping.id
        assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for schedule in either.all("AWS::Scheduler::Schedule"):
        assert "DeadLetterConfig" in schedule.properties["Target"], schedule.id


def test_every_stream_reader_that_falls_behind_rings(either: Synthesised) -> None:
    readers = {
        either.named(mapping.properties["FunctionName"])
        for mapping in either.all("AWS::Lambda::EventSourceMapping")
        if "StartingPosition" in mapping.properties
    }
    watched = {
        either.named(alarm.properties["Dimensions"][0]["Value"])
        for alarm in _alarms(either)
        if alarm.properties["MetricName"] == "IteratorAge"
    }
    assert watched == readers


def test_every_alarm_rings_and_names_its_runbook(either: Synthesised) -> None:
    (topic,) = either.all("AWS::SNS::Topic")
    named = set()
    for alarm in _alarms(either):
        given = alarm.properties
        assert [either.named(action) for action in given["AlarmActions"]] == [topic.id], given["AlarmName"]
        runbook = re.fullmatch(r".+[.:] docs/runbooks/([a-z0-9-]+)\.md", given["AlarmDescription"])
        assert runbook, given["AlarmDescription"]
        assert given["AlarmName"].startswith(f"ryoji-{runbook[1]}"), given["AlarmName"]
        named.add(runbook[1])
    for rule in either.all("AWS::Events::Rule"):
        runbook = re.search(r"docs/runbooks/([a-z0-9-]+)\.md", rule.properties["Description"])
        named.add(runbook[1] if runbook else rule.id)
    there = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    # The laptop's cloud scans nothing.
    assert named == (there - {"malware-found"} if either.target.local else there)


def test_runbooks_say_what_it_means_how_to_look_and_what_to_do() -> None:
    for path in RUNBOOKS.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        if path.stem != "README":
            for heading in ("## What it means", "## Look", "## Do"):
                assert heading in text, path.name


def test_alarms_travel_encrypted(either: Synthesised) -> None:
    (topic,) = either.all("AWS::SNS::Topic")
    assert "KmsMasterKeyId" in topic.properties
    (key,) = [k for k in either.all("AWS::KMS::Key") if k.stack == "RyojiOperations"]
    policy = json.dumps(key.properties["KeyPolicy"])
    for sender in ("cloudwatch.amazonaws.com", "events.amazonaws.com"):
        assert f'"{sender}"' in policy


def test_there_are_two_dashboards_that_parse(either: Synthesised) -> None:
    boards = _boards(either)
    assert set(boards) == {"ryoji-business", "ryoji-machinery"}
    for body in boards.values():
        assert '"widgets"' in body


def test_the_laptop_gets_no_metric_math_in_alarms(local: Synthesised) -> None:
    assert [alarm.id for alarm in _alarms(local) if "Metrics" in alarm.properties] == []
