import { useEffect, useState } from "preact/hooks";
import { desk } from "../connection.ts";

interface Picture {
  url: string | null;
  failed: boolean;
  /** The link is short-lived: ask for a new one, once, when the picture does not load. */
  retry(): void;
}

/** The short-lived address of a document's picture; a new upload is a new picture. */
export function usePictureUrl(caseId: string, document: string, uploadId: string | null): Picture {
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let wanted = true;
    desk()
      .get<{ url: string }>(`/desk/cases/${caseId}/documents/${document}/picture`)
      .then((answer) => wanted && setUrl(answer.url))
      .catch(() => wanted && setFailed(true));
    return () => {
      wanted = false;
    };
  }, [caseId, document, uploadId, attempt]);

  const retry = () => {
    if (attempt > 0) setFailed(true);
    else setAttempt(1);
  };
  return { url, failed, retry };
}
