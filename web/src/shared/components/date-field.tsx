import { useState } from "preact/hooks";
import { dateOrder, type DatePart } from "../format.ts";
import { t } from "../texts.ts";
import { Fieldset, type FieldProps } from "./field.tsx";

type Parts = Record<DatePart, string>;

interface DateFieldProps extends FieldProps {
  /** `YYYY-MM-DD`, or what has been typed of it so far, or empty. */
  value: string;
  onChange: (value: string) => void;
  /** `bday` puts the browser's own birthday into the three fields. */
  autocomplete?: string;
}

/** Three inputs, in the order of the page's language. Typed text stays as typed. */
export function DateField({ value, onChange, autocomplete, ...field }: DateFieldProps) {
  const [typed, setTyped] = useState<Parts>(() => partsOf(value));
  // A value that came from elsewhere (read from the passport) replaces what the fields show.
  const shown = dateOf(typed) === value ? typed : partsOf(value);
  const change = (part: DatePart, text: string) => {
    const parts = { ...shown, [part]: text };
    setTyped(parts);
    onChange(dateOf(parts));
  };
  const order = dateOrder();
  return (
    <Fieldset {...field}>
      <div class="ryoji-date">
        {order.map((part, index) => (
          <div class="ryoji-date__part" key={part}>
            <label class="ryoji-date__label" for={index === 0 ? field.id : `${field.id}-${part}`}>{t(`date.${part}`)}</label>
            <input
              class="ryoji-input"
              id={index === 0 ? field.id : `${field.id}-${part}`}
              name={`${field.id}-${part}`}
              data-width={part === "year" ? "4" : "2"}
              dir="ltr"
              inputMode="numeric"
              autocomplete={(autocomplete === "bday" ? `bday-${part}` : undefined) as "on" | undefined}
              value={shown[part]}
              aria-invalid={field.error ? "true" : undefined}
              onInput={(event) => change(part, event.currentTarget.value)}
            />
          </div>
        ))}
      </div>
    </Fieldset>
  );
}

function partsOf(value: string): Parts {
  const [year = "", month = "", day = ""] = value.split("-");
  return { year, month: month.replace(/^0(?=\d)/, ""), day: day.replace(/^0(?=\d)/, "") };
}

/** Full-width digits become ASCII; single digits are padded only once the date is whole. */
function dateOf(parts: Parts): string {
  const [year, month, day] = [parts.year, parts.month, parts.day].map((part) => part.normalize("NFKC").trim());
  if (!year && !month && !day) return "";
  const whole = /^\d{4}$/.test(year ?? "") && /^\d{1,2}$/.test(month ?? "") && /^\d{1,2}$/.test(day ?? "");
  return whole ? `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}` : `${year}-${month}-${day}`;
}

/** True when the text is a birth date as a passport may say it: the day, or month and day, may be unknown (XX or 00). */
export function isBirthDate(text: string): boolean {
  const known = /^(\d{4})-(\d{2}|XX)-(?:XX|00)$/i.exec(text);
  if (!known) return isDate(text);
  const month = /^(?:XX|00)$/i.test(known[2] ?? "") ? "01" : known[2];
  return isDate(`${known[1]}-${month}-01`);
}

/** True when the text is a day of the calendar: `2026-02-30` is not. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
