import { type RefObject, useEffect, useRef } from 'react';
import { appearance } from '../theme/appearance';

/** What the keys do to the row that has the focus, besides moving. */
export interface RowActions {
  select?: (index: number) => void;
  peek?: (index: number) => void;
}

/**
 * Keys for a list: J and K move the focus through its rows, X selects, Space peeks. They are off while somebody types,
 * while a dialog or menu is open, and when the person has switched single-key shortcuts off.
 */
export function useRowKeys(body: RefObject<HTMLElement | null>, actions: RowActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!appearance().shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return;
      const rows = [...(body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      const key = event.key.toLowerCase();
      if (key === 'j' || key === 'k') {
        const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)));
        const row = rows[next];
        (row?.querySelector<HTMLElement>('[data-row-link]') ?? row?.querySelector<HTMLElement>('a, button, input'))?.focus();
        row?.scrollIntoView({ block: 'nearest' });
        event.preventDefault();
      } else if (key === 'x' && at !== -1 && latest.current.select) {
        latest.current.select(at);
        event.preventDefault();
      } else if (event.key === ' ' && at !== -1 && latest.current.peek && (event.target as HTMLElement).closest('button, input') === null) {
        // A key event's target inside a row is an element: rows hold no other nodes that take the focus.
        latest.current.peek(at);
        event.preventDefault();
      }
    }
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [body]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}
