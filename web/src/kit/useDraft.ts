import { useCallback, useEffect, useRef, useState } from 'react';

/** What was kept of a form, and when. */
export interface Draft<Values> {
  at: string;
  values: Values;
}

const pause = 2000;

/**
 * Keeps what is typed on this device, two seconds after typing pauses, when the page goes away, or when told to, until it
 * is saved or thrown away. `found` is what an earlier visit left behind; it stays until it is taken or thrown away. `key` names
 * person, workspace and record.
 */
export function useDraft<Values>(key: string, values: Values, dirty: boolean): { found: Draft<Values> | undefined; keep: () => void; forget: () => void } {
  const name = `almoner.draft.${key}`;
  const [found, setFound] = useState(() => read<Values>(name));
  const text = dirty ? JSON.stringify(values) : undefined;

  const wrote = useRef(false);

  const keep = useCallback(() => {
    if (text === undefined) return;
    wrote.current = true;
    write(name, `{"at":"${new Date().toISOString()}","values":${text}}`);
  }, [name, text]);

  useEffect(() => {
    if (text === undefined) {
      // Everything typed was taken back by hand: what was written of it meanwhile is no draft any more.
      if (wrote.current) write(name, undefined);
      wrote.current = false;
      return;
    }
    const later = window.setTimeout(keep, pause);
    window.addEventListener('pagehide', keep);
    return () => {
      window.clearTimeout(later);
      window.removeEventListener('pagehide', keep);
    };
  }, [keep, name, text]);

  const forget = useCallback(() => {
    setFound(undefined);
    write(name, undefined);
  }, [name]);
  return { found, keep, forget };
}

function read<Values>(name: string): Draft<Values> | undefined {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(name) ?? 'null');
    const whole = typeof kept === 'object' && kept !== null && 'at' in kept && 'values' in kept && typeof kept.at === 'string';
    return whole ? (kept as Draft<Values>) : undefined; // written by this hook, under a name that says of what
  } catch {
    return undefined; // storage is shut, or not ours to read
  }
}

function write(name: string, text: string | undefined): void {
  try {
    if (text === undefined) window.localStorage.removeItem(name);
    else window.localStorage.setItem(name, text);
  } catch {
    // Storage is shut or full: the question before leaving still protects what was typed.
  }
}
