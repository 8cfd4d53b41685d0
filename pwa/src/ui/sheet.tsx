import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon";

interface SheetProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A sheet from the bottom edge, in the middle on wide screens; Escape and a tap beside it close it. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const place = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = place.current;
    if (!dialog) return;
    dialog.showModal();
    // A listener, not a prop: a tap on the backdrop is a tap on the dialog itself, and Escape has its own event.
    const tapBeside = (tap: MouseEvent) => {
      if (tap.target === dialog) dialog.close();
    };
    dialog.addEventListener("click", tapBeside);
    return () => dialog.removeEventListener("click", tapBeside);
  }, []);
  return (
    <dialog ref={place} class="sheet" aria-labelledby={titleId} onClose={onClose}>
      <header>
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="button square" aria-label="Close" onClick={() => place.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="inside">{children}</div>
    </dialog>
  );
}
