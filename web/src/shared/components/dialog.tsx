import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  open: boolean;
  /** Called when the person leaves the dialog with Escape. */
  onClose: () => void;
  children: ComponentChildren;
  /** The buttons, the safe one first. */
  actions: ComponentChildren;
  role?: "dialog" | "alertdialog";
}

/** A modal dialog: the browser's own, so that focus, Escape and the rest of the page are taken care of. */
export function Dialog({ title, open, onClose, children, actions, role = "dialog" }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);
  const leave = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog class="ryoji-dialog" ref={box} role={role === "dialog" ? undefined : role} aria-labelledby={`${id}-title`} onCancel={leave}>
      {open && (
        <>
          <h2 class="ryoji-dialog__title" id={`${id}-title`}>{title}</h2>
          <div class="ryoji-dialog__text">{children}</div>
          <div class="ryoji-button-row">{actions}</div>
        </>
      )}
    </dialog>
  );
}
