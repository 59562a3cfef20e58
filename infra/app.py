"""The CDK app: stacks by life-cycle. Context says where it goes: see infra/target.py and docs/deploy.md."""

from __future__ import annotations

import aws_cdk as cdk

from infra.carrier_clients import CarrierClients
from infra.edge import Edge
from infra.keeping import Keeping
from infra.nag import hold_to_rules
from infra.operations import Operations
from infra.service import Service
from infra.target import Target, target_of


def build(app: cdk.App) -> Target:
    """Put the stacks of a target into an app, under the rules of AWS Solutions: synthesis fails when one is broken."""
    target = target_of(app.node)
    env = cdk.Environment(account=target.account, region=target.region)
    synthesizer = cdk.CliCredentialsStackSynthesizer() if target.local else None
    keeping = Keeping(app, "RyojiKeeping", target, env=env, synthesizer=synthesizer)
    service = Service(app, "RyojiService", target, keeping, env=env, synthesizer=synthesizer)
    carriers = CarrierClients(app, "RyojiCarriers", target, keeping, env=env, synthesizer=synthesizer)
    carriers.add_dependency(service, "The scope that their clients ask with is made there.")
    operations = Operations(
        app, "RyojiOperations", target, keeping, service, env=env, synthesizer=synthesizer
    )
    if not target.local:
        Edge(app, "RyojiEdge", target, keeping, service, operations.topic, env=env)
    hold_to_rules(app, target)
    return target


def main() -> None:
    """Synthesise."""
    app = cdk.App()
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
