"""Gaps of the local cloud that are closed, tried in its own environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from local.places import DEPENDENCIES, venv_python

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

TAKING_TURNS = """
import threading, time
from local import ministack
from ministack.services import stepfunctions as machines

at_work, most, count = 0, 0, threading.Lock()

def working(function, event):
    global at_work, most
    with count:
        at_work += 1
        most = max(most, at_work)
    time.sleep(1)
    with count:
        at_work -= 1
    return event

machines._call_lambda = working
machines._resolve_lambda_function_ref = lambda function, **_: function
ministack._steps = threading.BoundedSemaphore(1)
ministack.let_a_few_work_at_a_time()
answers = []

def timed():
    # One that has its turn at once ends in time; the second would not if its time began with its waiting.
    given = {"FunctionName": "a", "Payload": "timed"}
    answers.append(machines._invoke_resource_with_timeout("arn:aws:states:::lambda:invoke", given, 1.8)["Payload"])

def untimed():
    answers.append(machines._call_lambda("a function", "untimed"))

def nested():
    answers.append(machines._invoke_resource_with_timeout("arn:aws:states:::states:startExecution.sync:2", {}, 0.5))

machines._invoke_nested_start_execution_sync = lambda resource, given: "nested"
nested()
threads = [threading.Thread(target=each) for each in (timed, timed, untimed)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*sorted(answers), most)
"""

CALLING = """
import io, os, sys, zipfile
from local import ministack
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

def zipped(path, text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr(path, text)
    return packed.getvalue()

HANDLER = '''
import sys
imported = sorted({"pynamodb", "chalice"} & set(sys.modules))
import of_the_layer
def handle(event, context):
    return [imported, of_the_layer.__file__, of_the_layer.__cached__, event]
'''
ministack.unpack_layers_once()
ministack.fork_functions()
packed = zipped("python/of_the_layer.py", "")
lambda_svc._resolve_layer_zip = lambda layer: packed
told = {"Variables": {"PYTHONPATH": sys.argv[1]}}
arn = "arn:aws:lambda:ap-northeast-1:000000000000:function:app"
config = {"FunctionArn": arn, "Runtime": "python3.13", "Handler": "app.handle",
          "Layers": ["of"], "Environment": told}
workers = [lambda_runtime.Worker(name, config, zipped("app.py", HANDLER)) for name in ("one", "two")]
(one, file, cached, event), (two, same, _, _) = (worker.invoke("asked", "id")["result"] for worker in workers)
print(*one, event, one == two, file == same, os.path.exists(cached), config["Layers"])
lambda_runtime.kill_workers(workers)
print(*(worker._proc for worker in workers))
"""


READING = """
from local import ministack
from ministack.services import dynamodb

checked = []
check = dynamodb._condition_syntax_error
dynamodb._condition_syntax_error = lambda condition, slot: checked.append(condition) or check(condition, slot)
ministack.read_a_condition_once()

def holds(name, values, condition="pk = :pk AND begins_with(sk, :sk)"):
    item = {"pk": {"S": name}, "sk": {"S": "a-1"}}
    return dynamodb._evaluate_condition(condition, item, values, {})

asked = {":pk": {"S": "one"}, ":sk": {"S": "a-"}}
print(holds("one", asked), holds("two", asked), holds("one", {**asked, ":sk": {"S": "b-"}}), len(checked))
for _ in range(2):
    try:
        holds("one", asked, "pk = = :pk")
    except ValueError as error:
        print("Syntax error" in str(error))
"""


def said(script: str, *arguments: str, **environment: str) -> list[str]:
    """What a script prints in the local cloud's environment."""
    if not PYTHON.exists():
        pytest.fail("the local cloud is not installed (.local/venv-cloud)")
    ended = subprocess.run(
        [str(PYTHON), "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_a_function_that_fails_fails_the_task_that_waits_for_its_token() -> None:
    assert said(WAITING) == ["Unavailable"]


def test_records_of_a_table_s_stream_that_failed_come_again() -> None:
    assert said(STREAMING) == ["True", "False", "False", "False"]


def test_it_ends_when_all_is_saved_whoever_still_waits() -> None:
    assert said(ENDING) == ["saved"]


def test_a_step_waits_for_its_turn_before_its_time_begins() -> None:
    assert said(TAKING_TURNS) == ["nested", "timed", "timed", "untimed", "1"]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are forked on Linux only")
def test_functions_processes_find_all_imported_and_a_layer_in_one_place(tmp_path: Path) -> None:
    printed = said(CALLING, str(DEPENDENCIES), TMPDIR=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert printed == ["chalice", "pynamodb", "asked", "True", "True", "True", "['of']", "None", "None"]


def test_a_condition_is_read_once_and_held_to_each_item_as_ever() -> None:
    assert said(READING) == ["True", "False", "False", "1", "True", "True"]
