import { useState } from "preact/hooks";
import { Button, TextArea } from "../shared/components/index.ts";
import { Camera, hasCamera } from "./camera.tsx";
import { begin, check, isLatest } from "./check.ts";
import { reader } from "./qr.ts";
import { v, type VerifyKey } from "./texts.ts";

/** The three ways to a seal: the camera, a picture, the text of the code. Each may be taken while another is checked. */
export function Sources() {
  return (
    <section class="ryoji-section">
      <h2>{v("verify.sources.title")}</h2>
      {hasCamera() && <Camera />}
      <PictureSource />
      <TextSource />
    </section>
  );
}

function PictureSource() {
  const [problem, setProblem] = useState<VerifyKey | "">("");
  const [reading, setReading] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const mine = begin();
    setReading(true);
    setProblem("");
    const found = await textIn(file);
    setReading(false);
    if (!isLatest(mine)) return;
    if (found.text) await check(found.text);
    else setProblem(found.problem);
  };
  return (
    <div class="ryoji-verify-source">
      <h3 id="picture-title">{v("verify.picture.title")}</h3>
      <p id="picture-hint">{v("verify.picture.hint")}</p>
      <input class="ryoji-verify-file" type="file" accept="image/*" id="picture" aria-labelledby="picture-title" aria-describedby="picture-hint picture-problem" aria-invalid={problem ? "true" : undefined} onChange={(event) => void choose(event.currentTarget.files?.[0])} />
      <p class="ryoji-verify-problem" id="picture-problem" role="status">{reading ? v("verify.picture.reading") : problem && v(problem)}</p>
    </div>
  );
}

async function textIn(file: File): Promise<{ text: string; problem: VerifyKey }> {
  try {
    const picture = await createImageBitmap(file);
    const read = await reader();
    return { text: (await read(picture)) ?? "", problem: "verify.picture.none" };
  } catch {
    return { text: "", problem: "verify.picture.unreadable" };
  }
}

function TextSource() {
  const [text, setText] = useState("");
  const [empty, setEmpty] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    // Copying takes line ends along that are not the seal's; within the text nothing is mended.
    const seal = text.trim();
    setEmpty(!seal);
    if (seal) {
      void check(seal);
      return;
    }
    begin();
    document.getElementById("text")?.focus();
  };
  return (
    <form class="ryoji-verify-source" onSubmit={send} noValidate>
      <h3>{v("verify.text.title")}</h3>
      <div dir="ltr" class="ryoji-verify-text">
        <TextArea id="text" label={v("verify.text.label")} labelHidden plain rows={4} value={text} onChange={setText} lang="zxx" error={empty ? v("verify.text.empty") : undefined} />
      </div>
      <Button type="submit" size="medium">{v("verify.text.check")}</Button>
    </form>
  );
}
