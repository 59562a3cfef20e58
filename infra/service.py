"""What is replaced at every deployment: functions, API, machines, and the settings that they read."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.api import Api
from infra.carriers import Carriers
from infra.clients import Clients
from infra.functions import PARTNER_SETTINGS, Functions
from infra.keeping import Keeping
from infra.machines import Machines
from infra.partner_settings import PartnerSettings
from infra.target import Target
from ryoji.adapters.settings import CARRIERS


class Service(Stack):
    """Functions, API, machines and clients."""

    def __init__(self, scope: Construct, name: str, target: Target, keeping: Keeping, **kwargs: Any) -> None:
        super().__init__(scope, name, **kwargs)
        self.functions = Functions(self, "Functions", target, keeping)
        self.clients = Clients(self, "Clients", keeping)
        self.carriers = Carriers(self, "Carriers", keeping, self.functions)
        self.machines = Machines(self, "Machines", keeping, self.functions)
        self.api = Api(self, "Api", keeping, self.functions)
        for partner, settings in sorted(target.partners.items()):
            if partner == CARRIERS:  # bound to their clients: see infra/carrier_clients.py
                continue
            PartnerSettings(self, f"Partner{partner.capitalize()}", f"{PARTNER_SETTINGS}/{partner}", settings)
        self._outputs(keeping)

    def _outputs(self, keeping: Keeping) -> None:
        values = {
            "ApiId": self.api.rest.rest_api_id,
            "ApplicantPool": keeping.applicants.user_pool_id,
            "OfficerPool": keeping.officers.user_pool_id,
            "PartnerPool": keeping.partners.user_pool_id,
            "PortalClient": self.clients.portal.user_pool_client_id,
            "ConsoleClient": self.clients.console.user_pool_client_id,
            "PrintingClient": self.clients.printing.user_pool_client_id,
            "BorderClient": self.clients.border.user_pool_client_id,
            "ApplicantDomain": self.clients.applicant_domain.base_url(),
            "PartnerDomain": self.clients.partner_domain.base_url(),
            "CaseTable": keeping.cases.table_name,
            "SlotTable": keeping.slots.table_name,
            "PermissionTable": keeping.permissions.table_name,
            "AgencyTable": keeping.agencies.table_name,
            "InquiryTable": keeping.inquiries.table_name,
            "DocumentKey": keeping.document_key.key_arn,
            "CleanBucket": keeping.clean.bucket_name,
            "QuarantineBucket": keeping.quarantine.bucket_name,
            "ArchiveBucket": keeping.archive.bucket_name,
            "ListBucket": keeping.lists.bucket_name,
            "TrustBucket": keeping.trust.bucket_name,
            "KeepCertificates": self.functions.by_name["keep_certificates"].function_name,
            "HistoryKey": keeping.history_key.key_arn,
            "PersonKey": keeping.person_key.key_arn,
            "PassportMachine": self.machines.families["passport"].state_machine_arn,
        }
        for key, value in values.items():
            CfnOutput(self, key, value=value)
