"""Gaps of the local cloud that are closed, tried in its own environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from local.places import venv_python

ROOT = Path(__file__).parents[3]
PYTHON = venv_python("cloud")

WAITING = """
from local import ministack
from ministack.services import stepfunctions as machines

def failing(function, event):
    raise machines._ExecutionError("Unavailable", "the printer is down")

machines._call_lambda, machines._extract_lambda_ref = failing, lambda resource: "a function"
ministack.fail_the_task_with_its_function()
try:
    machines._invoke_with_callback("lambda.waitForTaskToken", {}, "token", {"TimeoutSeconds": 5})
except machines._ExecutionError as error:
    print(error.error)
"""

STREAMING = """
from local import ministack
from ministack.services import lambda_svc

def answering(body):
    return ministack.failing_as_a_whole(lambda function, event: {"body": body})

assert callable(lambda_svc._execute_function)
of_table, of_queue = ({"Records": [{"eventSource": source}]} for source in ("aws:dynamodb", "aws:sqs"))
some = {"batchItemFailures": [{"itemIdentifier": "1"}]}
for event, body in ((of_table, some), (of_table, {"batchItemFailures": []}), (of_queue, some), ({}, some)):
    print(bool(answering(body)(None, event).get("error")))
"""

ENDING = """
import asyncio, threading, time
from local import ministack
from ministack import app

async def lived(scope, receive, send):
    print("saved")

assert asyncio.iscoroutinefunction(app._handle_lifespan)
app._handle_lifespan = lived
ministack.end_when_all_is_saved()
threading.Thread(target=time.sleep, args=(600,)).start()
asyncio.run(app._handle_lifespan({}, None, None))
"""


def said(script: str) -> list[str]:
    """What a script prints in the local cloud's environment."""
    if not PYTHON.exists():
        pytest.fail("the local cloud is not installed (.local/venv-cloud)")
    ended = subprocess.run(
        [str(PYTHON), "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_a_function_that_fails_fails_the_task_that_waits_for_its_token() -> None:
    assert said(WAITING) == ["Unavailable"]


def test_records_of_a_table_s_stream_that_failed_come_again() -> None:
    assert said(STREAMING) == ["True", "False", "False", "False"]


def test_it_ends_when_all_is_saved_whoever_still_waits() -> None:
    assert said(ENDING) == ["saved"]
