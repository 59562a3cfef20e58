"""The state machines from `statemachines/`, the streams and clocks that move cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack, TimeZone
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.build import ROOT
from infra.functions import Functions
from infra.keeping import Keeping
from ryoji.cases.waits import STILL

# Each stage machine and the functions that its definition names.
STAGES: dict[str, tuple[str, ...]] = {
    "evidence": (
        "enter_stage",
        "check_identity",
        "check_travel_document",
        "check_portrait",
        "compare_faces",
        "screen_applicant",
    ),
    "review": ("review",),
    "payment": ("collect_fee",),
    "handover": ("hand_over",),
}
FAMILIES: dict[str, tuple[str, ...]] = {
    "passport": ("order_production",),
    "visa": ("enter_stage", "issue_permission"),
    "authorization": ("enter_stage", "review", "issue_permission"),
}


def stages_of(family: str) -> tuple[str, ...]:
    """The stage machines that a family's machine calls, as its definition says."""
    text = (ROOT / "statemachines" / f"{family}.asl.json").read_text()
    return tuple(stage for stage in STAGES if f"${{{_title(stage)}Machine}}" in text)


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


class Machines(Construct):
    """One machine a family, one a shared stage; the stream that completes tasks; the clock that fires deadlines."""

    def __init__(self, scope: Construct, name: str, keeping: Keeping, functions: Functions) -> None:
        super().__init__(scope, name)
        self.keeping, self.functions = keeping, functions
        self.stages = {stage: self._machine(stage, uses) for stage, uses in STAGES.items()}
        self.families = {family: self._family(family, uses) for family, uses in FAMILIES.items()}
        self.dead_letters = self._dead_letters()
        self._move_cases()
        self._follow("send_messages")
        self._count_cases()
        self._clock(
            "Deadlines", "move_cases", scheduler.ScheduleExpression.rate(Duration.minutes(5)), {"do": "sweep"}
        )
        nightly = scheduler.ScheduleExpression.cron(hour="2", minute="10", time_zone=TimeZone.ASIA_TOKYO)
        self._clock(
            "DisposeOfCases",
            "dispose_of_cases",
            scheduler.ScheduleExpression.cron(hour="3", minute="40", time_zone=TimeZone.ASIA_TOKYO),
            {"do": "dispose"},
        )
        # A rate runs at once when it is made: the certificates are there after the first deployment.
        self._clock(
            "KeepCertificates",
            "keep_certificates",
            scheduler.ScheduleExpression.rate(Duration.hours(6)),
            {"do": "keep"},
        )
        # Nothing to do but while a signer is revoked; then as often as it takes to serve everybody.
        self._clock(
            "SealAgain",
            "issue_permission",
            scheduler.ScheduleExpression.rate(Duration.hours(1)),
            {"do": "seal_again"},
        )
        self._clock("SignHistories", "sign_histories", nightly, {"do": "sign"})

    def _machine(
        self, name: str, uses: tuple[str, ...], children: dict[str, sfn.StateMachine] | None = None
    ) -> sfn.StateMachine:
        log_group = logs.LogGroup(
            self,
            f"{_title(name)}Log",
            log_group_name=f"/aws/vendedlogs/states/ryoji-{name}",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        substitutions = {_title(use): self.functions.by_name[use].function_arn for use in uses}
        for child, machine in (children or {}).items():
            substitutions[f"{_title(child)}Machine"] = machine.state_machine_arn
        machine = sfn.StateMachine(
            self,
            _title(name),
            state_machine_name=f"ryoji-{name}",
            definition_body=sfn.DefinitionBody.from_file(str(ROOT / "statemachines" / f"{name}.asl.json")),
            definition_substitutions=substitutions,
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
            tracing_enabled=not self.keeping.target.local,
        )
        for use in uses:
            self.functions.by_name[use].grant_invoke_latest_version(machine)
        return machine

    def _family(self, name: str, uses: tuple[str, ...]) -> sfn.StateMachine:
        children = {stage: self.stages[stage] for stage in stages_of(name)}
        machine = self._machine(name, uses, children)
        stack = Stack.of(self)
        for child in children.values():
            child.grant_start_execution(machine)
            child.grant_execution(machine, "states:DescribeExecution", "states:StopExecution")
        rule = stack.format_arn(
            service="events",
            resource="rule",
            resource_name="StepFunctionsGetEventsForStepFunctionsExecutionRule",
        )
        machine.add_to_role_policy(
            iam.PolicyStatement(
                actions=["events:PutTargets", "events:PutRule", "events:DescribeRule"], resources=[rule]
            )
        )
        return machine

    def _dead_letters(self) -> sqs.Queue:
        return sqs.Queue(
            self,
            "DeadLetters",
            # Records hold keys and encrypted images of a stream only; the queue's own key keeps the stacks apart.
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.keeping.target.local,
            retention_period=Duration.days(14),
        )

    def _move_cases(self) -> None:
        function = self.functions.by_name["move_cases"]
        for family, machine in self.families.items():
            function.add_environment(f"MACHINE_{family.upper()}", machine.state_machine_arn)
            machine.grant_start_execution(function)
            machine.grant_execution(function, "states:DescribeExecution")
            machine.grant(function, "states:ListExecutions")
        issuer = self.functions.by_name["issue_permission"]
        issuer.grant_invoke_latest_version(function)
        function.add_environment("PERMISSION_FUNCTION", issuer.function_name)
        refund = self.functions.by_name["collect_fee"]
        refund.grant_invoke_latest_version(function)
        function.add_environment("PAYMENT_FUNCTION", refund.function_name)
        # A task token names no machine, so completing one can only be granted on all.
        function.add_to_role_policy(iam.PolicyStatement(actions=["states:SendTaskSuccess"], resources=["*"]))
        self._follow("move_cases", leaving_out=STILL)

    def _count_cases(self) -> None:
        """By a queue: a third function on the cases' stream would be one more than DynamoDB serves."""
        counting = self.functions.by_name["count_cases"]
        queue = sqs.Queue(
            self,
            "Figures",
            # Messages name a case and an action, nobody.
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.keeping.target.local,
            visibility_timeout=Duration.minutes(6),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=20),
        )
        mover = self.functions.by_name["move_cases"]
        mover.add_environment("COUNT_QUEUE", queue.queue_url)
        queue.grant_send_messages(mover)
        counting.add_event_source(
            sources.SqsEventSource(queue, batch_size=10, report_batch_item_failures=True)
        )

    def _follow(self, name: str, leaving_out: Iterable[str] = ()) -> None:
        image: dict[str, Any] = {"Keys": {"item": {"S": [{"prefix": "A#"}]}}}
        if leaving_out:
            image["NewImage"] = {"kind": {"S": [{"anything-but": sorted(leaving_out)}]}}
        new_action = lambda_.FilterCriteria.filter({"eventName": ["INSERT"], "dynamodb": image})
        self.functions.by_name[name].add_event_source(
            sources.DynamoEventSource(
                self.keeping.cases,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=20,
                filters=[new_action],
                report_batch_item_failures=True,
                bisect_batch_on_error=True,
                retry_attempts=20,
                on_failure=sources.SqsDlq(self.dead_letters),
            )
        )

    def _clock(
        self, name: str, function: str, when: scheduler.ScheduleExpression, event: dict[str, str]
    ) -> None:
        called = self.functions.by_name[function]
        role = iam.Role(
            self,
            f"{name}Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            ),
        )
        called.grant_invoke_latest_version(role)
        self.dead_letters.grant_send_messages(role)
        scheduler.Schedule(
            self,
            name,
            schedule=when,
            target=targets.LambdaInvoke(
                called,
                input=scheduler.ScheduleTargetInput.from_object(event),
                dead_letter_queue=self.dead_letters,
                retry_attempts=3,
                # What CDK would grant by itself is every version of the function.
                role=role.without_policy_updates(),
            ),
        )
