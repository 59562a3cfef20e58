"""A family's state machine out of `statemachines/`, run in the test's own process with the doors as its functions.

As much of the language as the machines use: an outcome is remembered, compared with a word, and leads on. A function
that fails is the test's failure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ryoji.cases.waits import newly_settled
from tests.unit.doors.calling import House, doors

MACHINES = Path(__file__).parents[3] / "statemachines"
CONTEXT = SimpleNamespace(function_name="step", aws_request_id="1")
State = dict[str, Any]


@dataclass
class Machine:
    """One case's way. `meanwhile` is what others do while the machine waits, by what it waits for.

    `taken` are the functions that were called, in order.
    """

    house: House
    case_id: str
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    def run(self, name: str, stage: str = "") -> str:
        """Run a machine, and those that it starts, to its end; its outcome."""
        definition = json.loads((MACHINES / f"{name}.asl.json").read_text(encoding="utf-8"))
        known = {"stage": stage, "outcome": "none"}
        at = definition["StartAt"]
        while not definition["States"][at].get("End"):
            at = self._next(definition["States"][at], known)
        return known["outcome"]

    def _next(self, state: State, known: dict[str, str]) -> str:
        assert state["Type"] != "Fail", state
        if state["Type"] == "Choice":
            chosen = (each["Next"] for each in state["Choices"] if _holds(each["Condition"], known))
            return str(next(chosen, state["Default"]))
        if state["Type"] == "Parallel":
            for branch in state["Branches"]:
                self._does(branch["States"][branch["StartAt"]])
            known["outcome"] = state["Assign"]["outcome"]
        if state["Type"] == "Task":
            known["outcome"] = self._does(state)
        return str(state["Next"])

    def _does(self, task: State) -> str:
        asked = task["Arguments"]
        if "StateMachineArn" in asked:
            return self.run(asked["StateMachineArn"].removeprefix("${").removesuffix("Machine}").lower())
        function = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", asked["FunctionName"].strip("${}")).lower()
        self.taken.append(function)
        token = f"token-{len(self.taken)}"
        told = doors()[function](self._filled(asked["Payload"], token), CONTEXT)
        if not task["Resource"].endswith("waitForTaskToken"):
            return str(told["outcome"])
        self.meanwhile.get(asked["Payload"]["do"], lambda: None)()
        return self._waited(token)

    def _filled(self, payload: dict[str, str], token: str) -> dict[str, str]:
        known = {"{% $case_id %}": self.case_id, "{% $states.context.Task.Token %}": token}
        return {name: known.get(value, value) for name, value in payload.items()}

    def _waited(self, token: str) -> str:
        """How the wait ended, as the function that follows the table says it."""
        actions = self.house.log.actions(self.case_id)
        over = (each for n in range(1, len(actions) + 1) for each in newly_settled(actions, n))
        outcomes = [outcome for task, outcome in over if task.token == token]
        assert outcomes, "the machine waits, and nobody does anything"
        return outcomes[0]


def _holds(condition: str, known: dict[str, str]) -> bool:
    equal = re.fullmatch(r"\{% \$(\w+) = '(\w+)' %\}", condition)
    assert equal, f"this machine knows comparisons with a word only: {condition}"
    return known[equal[1]] == equal[2]
