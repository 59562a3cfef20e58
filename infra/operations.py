"""What the people who run it look at and are woken by: two dashboards, and alarms that each have a runbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.keeping import Keeping
from infra.service import Service
from infra.target import Target

NAMESPACE = "Ryoji"
RUNBOOKS = "docs/runbooks"
FIVE_MINUTES = Duration.minutes(5)
HOUR, DAY = Duration.hours(1), Duration.days(1)
# They run once a night: nobody else would notice.
NIGHTLY = frozenset({"sign_histories", "dispose_of_cases", "keep_certificates"})
# Who follows a stream, and what is late when it is behind.
FOLLOWERS = {
    "move_cases": "What happens to cases is acted upon late.",
    "send_messages": "What happens to cases is acted upon late.",
    "notify_carriers": "Carriers are told late of answers that have changed.",
}
RECOGNITION: tuple[tuple[str, str], ...] = (
    ("AWS/Textract", "DetectDocumentText"),
    ("AWS/Rekognition", "DetectFaces"),
    ("AWS/Rekognition", "CompareFaces"),
)


@dataclass(frozen=True)
class Rule:
    """When an alarm rings: `worst` is the last value that is still all right, for `periods` periods in a row."""

    runbook: str
    says: str
    worst: float = 0
    periods: int = 1
    below: bool = False
    silence_rings: bool = False


def counted(
    name: str, function: str, statistic: str = "Sum", period: Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    """A metric that a function writes (EMF); Powertools gives it the function's name as `service`.

    It has no label: with one, an alarm becomes metric math, which the local cloud does not know.
    """
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": function},
        statistic=statistic,
        period=period,
    )


class Operations(Stack):
    """Dashboards, alarms, and the topic that carries them to people."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        target: Target,
        keeping: Keeping,
        service: Service,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, name, **kwargs)
        self.target, self.keeping, self.service = target, keeping, service
        self.topic = self._topic()
        self.alarms: list[cloudwatch.Alarm] = []
        self._of_functions()
        self._of_cases()
        self._of_machinery()
        self._business()
        self._machinery()

    def _topic(self) -> sns.Topic:
        # A key of its own: CloudWatch and EventBridge use it, and they have no business with the data's key.
        key = kms.Key(
            self,
            "AlarmKey",
            description="Alarms on their way to people",
            enable_key_rotation=True,
            removal_policy=self.keeping.removal,
        )
        for sender in ("cloudwatch.amazonaws.com", "events.amazonaws.com"):
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(sender)],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": self.account}},
                )
            )
        topic = sns.Topic(self, "Alarms", topic_name="ryoji-alarms", master_key=key, enforce_ssl=True)
        topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
        if self.target.alarm_mail:
            topic.add_subscription(subscriptions.EmailSubscription(self.target.alarm_mail))
        return topic

    def _alarm(self, name: str, metric: cloudwatch.IMetric, rule: Rule) -> None:
        compare = cloudwatch.ComparisonOperator
        missing = cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            "".join(part.capitalize() for part in name.replace("_", "-").split("-")),
            alarm_name=f"ryoji-{name.replace('_', '-')}",
            alarm_description=f"{rule.says} {RUNBOOKS}/{rule.runbook}.md",
            metric=metric,
            threshold=rule.worst,
            evaluation_periods=rule.periods,
            comparison_operator=compare.LESS_THAN_THRESHOLD if rule.below else compare.GREATER_THAN_THRESHOLD,
            treat_missing_data=missing.BREACHING if rule.silence_rings else missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        self.alarms.append(alarm)

    def _of_functions(self) -> None:
        failing = Rule("function-failing", "A function fails.", worst=2)
        nightly = Rule("function-failing", "What is done once a night fails.")
        surprised = Rule(
            "unexpected-error", "A function met something that nobody foresaw: a fault of the program."
        )
        for name, function in self.service.functions.by_name.items():
            errors = function.metric_errors(period=FIVE_MINUTES)
            self._alarm(f"function-failing-{name}", errors, nightly if name in NIGHTLY else failing)
            self._alarm(f"unexpected-error-{name}", counted("UnexpectedErrors", name), surprised)

    def _of_cases(self) -> None:
        month = Rule("case-waiting-long", "A case has waited for more than a month.", worst=31)
        self._alarm("case-waiting-long", counted("OldestWaitingDays", "move_cases", "Maximum", HOUR), month)
        rounds = counted("OldestWaitingDays", "move_cases", "SampleCount", Duration.minutes(15))
        silent = Rule(
            "clock-stopped", "Deadlines are not being looked at.", worst=1, below=True, silence_rings=True
        )
        self._alarm("clock-stopped", rounds, silent)
        revived = Rule("machines-restarted", "State machines died and were started again.")
        self._alarm("machines-restarted", counted("MachinesRestarted", "move_cases"), revived)
        wrong = Rule("payment-mismatched", "A payment is not what was due.")
        self._alarm("payment-mismatched", counted("PaymentsMismatched", "move_cases"), wrong)
        unsent = Rule("messages-failing", "E-mails to applicants cannot be sent.", worst=2)
        self._alarm("messages-failing", counted("MessagesFailed", "send_messages"), unsent)
        unsigned = Rule(
            "histories-unsigned", "Last night nothing was signed.", worst=1, below=True, silence_rings=True
        )
        kept = Rule("disposal-failing", "What must no longer be kept could not be deleted.")
        self._alarm("disposal-failing", counted("DisposalsFailed", "dispose_of_cases"), kept)
        signing = self.service.functions.by_name["sign_histories"]
        ending = Rule(
            "signer-ending",
            "The signer of seals has less than two weeks left, or nobody has looked.",
            worst=14,
            below=True,
            silence_rings=True,
        )
        left = counted("SignerDaysLeft", "keep_certificates", "Minimum", DAY)
        self._alarm("signer-ending", left, ending)
        # A successor is made a year before; two weeks later it has not been, so there is no key for it.
        lasting = counted("AuthorityDaysLeft", "keep_certificates", "Minimum", DAY)
        no_successor = Rule(
            "signer-ending", "The authority of seals needs a successor.", worst=350, below=True
        )
        self._alarm("signer-ending-authority", lasting, no_successor)
        self._alarm("histories-unsigned", signing.metric_invocations(period=DAY), unsigned)

    def _of_machinery(self) -> None:
        rest = self.service.api.rest
        failing = Rule("api-failing", "More than one request in a hundred fails.", worst=0.01, periods=2)
        self._alarm("api-failing", rest.metric_server_error(statistic="Average"), failing)
        refusing = Rule("api-refusing", "More than a third of requests is refused.", worst=0.34, periods=3)
        self._alarm("api-refusing", rest.metric_client_error(statistic="Average"), refusing)
        slow = Rule("api-slow", "One request in twenty takes over a second.", worst=1000, periods=3)
        self._alarm("api-slow", rest.metric_latency(statistic="p95"), slow)
        throttled = Rule("function-throttled", "Lambda refuses to start functions.")
        self._alarm("function-throttled", lambda_.Function.metric_all_throttles(statistic="Sum"), throttled)
        letters = Rule("dead-letters", "Something that happened to a case was not acted upon.")
        queue = self.service.machines.dead_letters
        visible = queue.metric_approximate_number_of_messages_visible(statistic="Maximum")
        self._alarm("dead-letters", visible, letters)
        for name, says in FOLLOWERS.items():
            behind = Rule("stream-behind", says, worst=60_000)
            self._alarm(f"stream-behind-{name}", self._age(name), behind)
        self._of_carriers()
        self._of_state_machines()
        self._of_tables()
        self._of_recognition()

    def _of_carriers(self) -> None:
        unable = Rule("carriers-unable", "Carriers are answered UNABLE.", worst=3)
        self._alarm("carriers-unable", counted("PassengersUnable", "answer_carriers"), unable)
        guessing = Rule("carrier-guessing", "A carrier's questions look like guessing.")
        self._alarm("carrier-guessing", counted("DocumentsGuessed", "answer_carriers"), guessing)
        unreached = Rule("carriers-unreached", "A carrier does not acknowledge a changed answer.")
        waiting = self.service.carriers.dead_letters.metric_approximate_number_of_messages_visible(
            statistic="Maximum"
        )
        self._alarm("carriers-unreached", waiting, unreached)

    def _of_state_machines(self) -> None:
        failed = Rule("machine-failed", "A state machine gave up; its case needs an operator.")
        late = Rule("machine-timed-out", "A state machine waited longer than its definition allows.")
        machines = self.service.machines
        for name, machine in {**machines.families, **machines.stages}.items():
            self._alarm(f"machine-failed-{name}", machine.metric_failed(), failed)
            self._alarm(f"machine-timed-out-{name}", machine.metric_timed_out(), late)

    def _of_tables(self) -> None:
        rule = Rule("table-throttled", "DynamoDB refuses reads or writes.")
        for name, table in self._tables().items():
            for kind in ("Read", "Write"):
                refused = table.metric(f"{kind}ThrottleEvents", statistic="Sum", period=FIVE_MINUTES)
                self._alarm(f"table-throttled-{name}-{kind.lower()}", refused, rule)

    def _of_recognition(self) -> None:
        rule = Rule("recognition-failing", "Textract or Rekognition does not answer.", worst=2)
        for namespace, operation in RECOGNITION:
            for what in ("ServerErrorCount", "ThrottledCount"):
                kind = what.removesuffix("Count").lower()
                self._alarm(
                    f"recognition-failing-{operation.lower()}-{kind}",
                    _recognition(namespace, operation, what),
                    rule,
                )

    def _tables(self) -> dict[str, dynamodb.TableV2]:
        keeping = self.keeping
        return {
            "permissions": keeping.permissions,
            "inquiries": keeping.inquiries,
            "cases": keeping.cases,
            "slots": keeping.slots,
            "agencies": keeping.agencies,
            "marks": keeping.marks,
            "statistics": keeping.statistics,
            "attempts": keeping.attempts,
        }

    def _age(self, function: str) -> cloudwatch.Metric:
        return self.service.functions.by_name[function].metric("IteratorAge", statistic="Maximum")

    def _business(self) -> None:
        submitted = counted("ApplicationsSubmitted", "applications", period=HOUR)
        ended = [
            counted(n, "move_cases", period=HOUR) for n in ("ApplicationsWithdrawn", "ApplicationsLapsed")
        ]
        handed_over = counted("BooksHandedOver", "move_cases", period=HOUR)
        board = cloudwatch.Dashboard(
            self, "Business", dashboard_name="ryoji-business", default_interval=Duration.days(7)
        )
        board.add_widgets(
            _numbers("Today", [m.with_(period=DAY) for m in (submitted, self._moved("ApplicationsDecided"))]),
            _numbers("Waiting now", [_latest("CasesWaiting"), _latest("OldestWaitingDays")]),
            _numbers("KPI: share of ended cases that reached the applicant", [_share(handed_over, ended)]),
        )
        asked = counted("PassengersAnswered", "answer_carriers", period=HOUR)
        unable = counted("PassengersUnable", "answer_carriers", period=HOUR)
        refused = counted("InquiriesRefused", "answer_carriers", period=HOUR)
        answering = self.service.functions.by_name["answer_carriers"]
        board.add_widgets(
            _graph("Passengers that carriers asked about", [asked, unable], [refused]),
            _graph(
                "Milliseconds until carriers are answered",
                [answering.metric_duration(statistic=each) for each in ("p50", "p95")],
            ),
        )
        board.add_widgets(
            _graph("From application to decision", [submitted, self._moved("ApplicationsDecided"), *ended]),
            _graph(
                "From fee to handover", [self._moved("FeesPaid"), self._moved("BooksProduced"), handed_over]
            ),
            _graph(
                "Visas and authorizations: issued, changed",
                [
                    self._moved("PermissionsIssued"),
                    self._moved("PermissionsChanged"),
                    counted("PermissionsSealedAgain", "issue_permission", period=HOUR),
                ],
            ),
            _graph("Waiting", [_latest("CasesWaiting")], [_latest("OldestWaitingDays")]),
        )
        board.add_widgets(
            _graph(
                "Messages to applicants",
                [
                    counted("MessagesSent", "send_messages", period=HOUR),
                    counted("MessagesFailed", "send_messages", period=HOUR),
                ],
            ),
            _graph(
                "Deadlines and mismatches",
                [
                    self._moved("RemindersDue"),
                    self._moved("DeadlinesPassed"),
                    self._moved("PaymentsMismatched"),
                ],
            ),
            _graph(
                "A night: histories signed, cases disposed of",
                [
                    counted("HistoriesSigned", "sign_histories", period=DAY),
                    counted("CasesDisposedOf", "dispose_of_cases", period=DAY),
                    counted("DisposalsFailed", "dispose_of_cases", period=DAY),
                ],
            ),
        )

    def _moved(self, name: str) -> cloudwatch.Metric:
        return counted(name, "move_cases", period=HOUR)

    def _machinery(self) -> None:
        rest, functions = self.service.api.rest, self.service.functions.by_name
        machines = {**self.service.machines.families, **self.service.machines.stages}
        board = cloudwatch.Dashboard(
            self, "Machinery", dashboard_name="ryoji-machinery", default_interval=Duration.hours(12)
        )
        board.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=[*self.alarms], width=24, height=6)
        )
        board.add_widgets(
            _graph("API: requests and refusals", [rest.metric_count(), rest.metric_client_error()]),
            _graph("API: failures", [rest.metric_server_error()]),
            _graph("API: milliseconds", [rest.metric_latency(statistic=p) for p in ("p50", "p95", "p99")]),
        )
        board.add_widgets(
            _graph("Functions: errors", [_named(n, f.metric_errors()) for n, f in functions.items()]),
            _graph(
                "Functions: milliseconds (p95)",
                [_named(n, f.metric_duration(statistic="p95")) for n, f in functions.items()],
            ),
            _graph("Functions: throttles", [_named(n, f.metric_throttles()) for n, f in functions.items()]),
        )
        board.add_widgets(
            _graph("Unexpected errors", [_named(n, counted("UnexpectedErrors", n)) for n in functions]),
            _graph(
                "State machines: failed, timed out",
                [_named(f"{n} failed", m.metric_failed()) for n, m in machines.items()],
                [_named(f"{n} timed out", m.metric_timed_out()) for n, m in machines.items()],
            ),
            _graph("State machines: started again", [counted("MachinesRestarted", "move_cases")]),
        )
        board.add_widgets(self._stream(), self._table_refusals(), self._letters())
        board.add_widgets(*_services())

    def _stream(self) -> cloudwatch.GraphWidget:
        return _graph("Stream: age in milliseconds", [_named(name, self._age(name)) for name in FOLLOWERS])

    def _table_refusals(self) -> cloudwatch.GraphWidget:
        refused = [
            _named(f"{name} {kind}", table.metric(f"{kind}ThrottleEvents", statistic="Sum"))
            for name, table in self._tables().items()
            for kind in ("Read", "Write")
        ]
        return _graph("DynamoDB: throttled", refused)

    def _letters(self) -> cloudwatch.GraphWidget:
        queue = self.service.machines.dead_letters
        return _graph(
            "Dead letters", [queue.metric_approximate_number_of_messages_visible(statistic="Maximum")]
        )


def _recognition(namespace: str, operation: str, what: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=what,
        dimensions_map={"Operation": operation},
        statistic="Sum",
        period=FIVE_MINUTES,
    )


def _services() -> list[cloudwatch.GraphWidget]:
    wrong = ("UserErrorCount", "ServerErrorCount", "ThrottledCount")
    # KMS counts no errors; how near its limit it is shows whether it will throttle, and failures show in functions.
    calls = [
        cloudwatch.Metric(
            namespace="AWS/Usage",
            metric_name="CallCount",
            dimensions_map={"Type": "API", "Service": "KMS", "Class": "None", "Resource": resource},
            statistic="Sum",
            period=Duration.minutes(1),
            label=resource,
        )
        for resource in ("CryptographicOperationsSymmetric", "CryptographicOperationsEcc")
    ]
    return [
        _graph(
            "Textract and Rekognition",
            [_named(f"{o} {w}", _recognition(n, o, w)) for n, o in RECOGNITION for w in wrong],
        ),
        _graph("KMS: calls a minute", calls),
    ]


def _latest(name: str) -> cloudwatch.Metric:
    return counted(name, "move_cases", "Maximum", FIVE_MINUTES)


def _named(label: str, metric: cloudwatch.Metric) -> cloudwatch.Metric:
    return metric.with_(label=label)


def _share(of: cloudwatch.Metric, rest: list[cloudwatch.Metric]) -> cloudwatch.MathExpression:
    parts = {f"r{n}": metric.with_(period=DAY) for n, metric in enumerate(rest)}
    total = " + ".join(f"FILL({name}, 0)" for name in ("done", *parts))
    return cloudwatch.MathExpression(
        expression=f"100 * done / ({total})",
        using_metrics={"done": of.with_(period=DAY), **parts},
        label="%",
        period=DAY,
    )


def _numbers(
    title: str, metrics: list[cloudwatch.Metric] | list[cloudwatch.MathExpression]
) -> cloudwatch.IWidget:
    return cloudwatch.SingleValueWidget(title=title, metrics=[*metrics], width=8, height=4)


def _graph(
    title: str, left: list[cloudwatch.Metric], right: list[cloudwatch.Metric] | None = None
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*left], right=[*(right or [])], width=8, height=6)
