import { useEffect, useState } from "preact/hooks";
import { language } from "../../shared/language.ts";
import { desk } from "../connection.ts";
import type { Described } from "./correction-items.ts";

export interface FieldSchema {
  title?: string;
  "x-ryoji"?: { enum_labels?: Record<string, string> };
}

export interface Description {
  documents: Described[];
  sections: { id: string; schema: { properties?: Record<string, FieldSchema> } }[];
}

const NOTHING: Description = { documents: [], sections: [] };

/** What a procedure asks for, in the officer's language; nothing until it is there, and where it cannot be had. */
export function useDescription(procedure: string): Description {
  const [description, setDescription] = useState(NOTHING);
  useEffect(() => {
    let wanted = true;
    desk()
      .get<Description>(`/procedures/${procedure}`, { anonymous: true })
      .then((told) => wanted && setDescription(told))
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [procedure, language.value]);
  return description;
}
