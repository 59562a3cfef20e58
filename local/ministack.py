"""MiniStack with gaps closed, so that what fails in a function is tried again as on AWS.

Runs in the local cloud's own environment, in the place of the command `ministack`. All are found in 1.5.33, which
requirements/cloud.txt pins: look again when that changes.

- A function that is called with a task token and fails: MiniStack waits for the token all the same, for ever. AWS
  fails the task, and the state's `Retry` has its say.
- Records of a table's stream that a function reports as failed (`batchItemFailures`): MiniStack goes on behind them
  and they are lost. AWS brings them again; here the whole batch comes again, which the functions must bear anyway.
- A group of twenty calls eighty steps at once: each gets a process of its own, as on AWS, but here they share two
  processors, and all run into their time limits. Here a few work at a time; the others' time has not begun.
- Every function's process unpacks the layer, compiles it and imports all packages anew, for most of a second of a
  processor, and a failed call ends it. Here layers are unpacked once, and processes forked
  (local/function_processes.py).
- A condition is taken apart and its grammar checked anew for each item that it is held to, which is a fifth of all that
  the local cloud does. Here it is read once.
- Told to stop, it saves its state and then waits for every thread that waits for something itself: a machine for its
  token, a queue's reader. Here it ends when all is saved.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import dynamodb, lambda_svc, stepfunctions

from local.function_processes import Templates

Result = dict[str, Any]
_waiting = threading.local()
# As many as recognition works for at a time: who waits for it inside a step waits on the step's own time. What a step
# waits for works on the same processors. No step waits for another one.
_steps = threading.BoundedSemaphore(os.cpu_count() or 1)
_has_its_turn: ContextVar[bool] = ContextVar("has its turn", default=False)
_unpacking = threading.Lock()


def fail_the_task_with_its_function() -> None:
    """Let a failed function fail the task that waits for its token."""
    wait, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda

    def waiting(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        _waiting.token = token
        try:
            return wait(resource, given, token, state)
        finally:
            _waiting.token = None

    def calling(function: str, event: Any) -> Any:
        try:
            return call(function, event)
        except stepfunctions._ExecutionError as error:
            token = getattr(_waiting, "token", None)
            if token:
                failure = {"taskToken": token, "error": error.error, "cause": error.cause}
                stepfunctions._send_task_failure(failure)
            raise

    stepfunctions._invoke_with_callback, stepfunctions._call_lambda = waiting, calling


def let_a_few_work_at_a_time() -> None:
    """Let a step wait for its turn before its own time and its state's begin."""
    within, call = stepfunctions._invoke_resource_with_timeout, stepfunctions._call_lambda

    def timed(resource: str, given: Any, seconds: float) -> Any:
        if "lambda" not in resource:
            return within(resource, given, seconds)
        with _steps:
            # The call is made in a thread of its own, which takes this along.
            turn = _has_its_turn.set(True)
            try:
                return within(resource, given, seconds)
            finally:
                _has_its_turn.reset(turn)

    def calling(function: str, event: Any) -> Any:
        if _has_its_turn.get():
            return call(function, event)
        with _steps:
            return call(function, event)

    stepfunctions._invoke_resource_with_timeout, stepfunctions._call_lambda = timed, calling


def bring_failed_records_again() -> None:
    """Let a batch of a table's stream fail when any of its records did."""
    lambda_svc._execute_function = failing_as_a_whole(lambda_svc._execute_function)


def failing_as_a_whole(execute: Callable[[Any, Any], Result]) -> Callable[[Any, Any], Result]:
    """The same execution; an error where it reports records of a table's stream as failed."""

    def executed(function: Any, event: Any) -> Result:
        result = execute(function, event)
        records = event.get("Records") if isinstance(event, dict) else None
        of_a_table = records and records[0].get("eventSource") == "aws:dynamodb"
        body = result.get("body")
        if of_a_table and isinstance(body, dict) and body.get("batchItemFailures"):
            return {**result, "error": True, "body": {"errorType": "BatchItemFailures"}}
        return result

    return executed


def fork_functions() -> None:
    """Let what starts functions' processes fork them."""
    lambda_runtime.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": Templates().start})


def unpack_layers_once() -> None:
    """Let all processes import a layer's modules from one folder, so that they are compiled by the first only."""
    # Whoever wishes so for the command: these modules would be compiled by every process again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    spawn = lambda_runtime.Worker._spawn

    def spawned(worker: Any) -> None:
        config = worker.config
        variables = config.get("Environment", {}).get("Variables", {})
        folders = os.pathsep.join(str(_unpacked(layer)) for layer in config.get("Layers", []))
        told = {"Variables": {**variables, "_LAMBDA_LAYERS_DIRS": folders}}
        worker.config = {**config, "Layers": [], "Environment": told}
        try:
            spawn(worker)
        finally:
            worker.config = config

    lambda_runtime.Worker._spawn = spawned


def _unpacked(layer: Any) -> Path:
    content = lambda_svc._resolve_layer_zip(layer)
    folder = Path(tempfile.gettempdir()) / f"layer-{hashlib.sha256(content).hexdigest()}"
    with _unpacking:
        if not folder.is_dir():
            half = Path(tempfile.mkdtemp())
            zipfile.ZipFile(io.BytesIO(content)).extractall(half)
            half.rename(folder)
    return folder


def read_a_condition_once() -> None:
    """Let a condition be taken apart and checked when it is first met, whatever items it is held to."""
    taken_apart = lru_cache(maxsize=1024)(dynamodb._tokenize)
    # Each reader gets a list of its own.
    dynamodb._tokenize = lambda condition: list(taken_apart(condition))
    dynamodb._condition_syntax_error = lru_cache(maxsize=1024)(dynamodb._condition_syntax_error)


def end_when_all_is_saved() -> None:
    """Let the process end with its last save, whoever still waits."""
    live = app._handle_lifespan

    async def lived(scope: Any, receive: Any, send: Any) -> None:
        await live(scope, receive, send)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    app._handle_lifespan = lived


if __name__ == "__main__":
    end_when_all_is_saved()
    let_a_few_work_at_a_time()
    fail_the_task_with_its_function()
    bring_failed_records_again()
    unpack_layers_once()
    fork_functions()
    read_a_condition_once()
    sys.exit(app.main())
