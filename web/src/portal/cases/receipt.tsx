import type { Receipt } from "../../shared/contract.ts";
import { Button, ButtonRow, SummaryList, Table } from "../../shared/components/index.ts";
import { formatDate, formatMoment, formatMoney } from "../../shared/format.ts";
import { t } from "../../shared/texts.ts";
import { c } from "../case-texts.ts";
import { api } from "../connection.ts";
import { links } from "../links.ts";
import { Loaded, useLoad } from "../loading.tsx";
import { Page } from "../page.tsx";
import { WithCase } from "./with-case.tsx";

/** The receipt: to be printed, or kept as a PDF by the browser. Its times are the office's, as those of the case are. */
export function ReceiptPage({ id }: { id: string }) {
  return <WithCase id={id}>{({ timezone }) => <Received id={id} timeZone={timezone} />}</WithCase>;
}

function Received({ id, timeZone }: { id: string; timeZone: string }) {
  const receipt = useLoad(async () => (await api()).get<Receipt>(`/cases/${id}/receipt`), [id]);
  return (
    <Loaded of={receipt} title={c("receipt.title")}>
      {({ number, issued_on, items, total, currency, paid_at, reference, note }) => (
        <Page title={c("receipt.title")} back={{ href: links.case(id), text: c("wizard.to_case") }}>
          <div class="ryoji-receipt">
            <SummaryList
              rows={[
                { key: c("receipt.number"), value: number },
                { key: c("receipt.issued_on"), value: formatDate(issued_on) },
                { key: t("status.reference"), value: reference },
                { key: c("receipt.paid_at"), value: formatMoment(paid_at, timeZone) },
                { key: c("receipt.by"), value: t("frame.ministry") },
              ]}
            />
            <Table
              caption={c("receipt.items")}
              rows={[...items, { label: c("fee.total"), amount: total }]}
              rowKey={(row) => row.label}
              columns={[
                { id: "label", title: c("receipt.item"), cell: (row) => row.label, header: true },
                { id: "amount", title: c("receipt.amount"), cell: (row) => formatMoney(row.amount, currency), numeric: true },
              ]}
            />
            {note && <p class="ryoji-note">{note}</p>}
          </div>
          <div class="ryoji-no-print">
            <ButtonRow>
              <Button variant="secondary" onClick={() => window.print()}>{c("receipt.print")}</Button>
            </ButtonRow>
          </div>
        </Page>
      )}
    </Loaded>
  );
}
