import { useEffect, useState } from "preact/hooks";

/** A text as a QR code, drawn as one SVG path. The encoder is fetched only here: officers set up an app once. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [modules, setModules] = useState<boolean[][] | null>(null);
  useEffect(() => {
    import("uqr").then(({ encode }) => setModules(encode(text, { ecc: "M", border: 4 }).data));
  }, [text]);
  if (!modules) return null;
  const dark = modules.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="desk-qr" role="img" aria-label={label} viewBox={`0 0 ${modules.length} ${modules.length}`} shape-rendering="crispEdges">
      <path class="desk-qr__paper" d={`M0 0h${modules.length}v${modules.length}H0z`} />
      <path class="desk-qr__ink" d={dark.join("")} />
    </svg>
  );
}
