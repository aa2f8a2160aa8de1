import type { ReactNode } from 'react';
import styles from './Drawing.module.css';

/** The drawings of empty and failed places. */
export type DrawingName = 'nothing' | 'no_match' | 'broken' | 'locked' | 'lost' | 'door' | 'done';

const drawings: Record<DrawingName, ReactNode> = {
  nothing: (
    <>
      <rect className={styles.sheet} x="26" y="14" width="70" height="54" rx="7" />
      {[28, 41, 54].map((y, row) => (
        <g key={y}>
          <circle cx="39" cy={y} r="4" className={styles.dashed} />
          <path className={styles.bar} d={`M50 ${y}h${[34, 24, 30][row]}`} />
        </g>
      ))}
      <circle className={styles.tone} cx="96" cy="64" r="12" />
      <path className={styles.onTone} d="M96 59v10M91 64h10" />
    </>
  ),
  no_match: (
    <>
      <rect className={styles.sheet} x="26" y="14" width="80" height="16" rx="8" />
      <path className={styles.tint} d="M38 22h20" />
      <path className={styles.bar} d="M66 22h16" />
      <path className={styles.sheet} d="M38 40h56l-20 19v10l-14 5V59z" />
    </>
  ),
  broken: (
    <>
      <path className={styles.line} d="M8 44h40M84 44h40" />
      <rect className={styles.bad} x="42" y="29" width="21" height="30" rx="5" />
      <rect className={styles.sheet} x="74" y="29" width="19" height="30" rx="5" />
      <path className={styles.spark} d="m66 22-3-9M72 22l4-8M66 66l-3 8M72 66l4 9" />
    </>
  ),
  locked: (
    <>
      <rect className={styles.sheet} x="26" y="10" width="80" height="64" rx="8" />
      <path className={styles.shackle} d="M57 42v-8a9 9 0 0 1 18 0v8" />
      <rect className={styles.body} x="51" y="40" width="30" height="22" rx="4" />
    </>
  ),
  lost: (
    <>
      <path className={styles.sheet} d="m22 24 28-9 32 11 28-9v46l-28 9-32-11-28 9z" />
      <path className={styles.line} d="M50 15v46M82 26v46" />
      <path className={styles.dashed} d="M32 52c12-14 22 8 34-6s14-10 20-12" />
      <path className={styles.pin} d="M92 20a9 9 0 0 1 9 9c0 7-9 16-9 16s-9-9-9-16a9 9 0 0 1 9-9z" />
      <circle className={styles.pinHole} cx="92" cy="29" r="3" />
    </>
  ),
  door: (
    <>
      <path className={styles.line} d="M26 74h80" />
      <path className={styles.sheet} d="M44 74V16a4 4 0 0 1 4-4h36a4 4 0 0 1 4 4v58z" />
      <path className={styles.body} d="M50 74V22l24-6v58z" />
      <circle className={styles.knob} cx="68" cy="46" r="2" />
    </>
  ),
  done: (
    <>
      <rect className={styles.sheet} x="30" y="12" width="72" height="60" rx="8" />
      <path className={styles.bar} d="M42 28h34M42 42h26M42 56h30" />
      <circle className={styles.tone} cx="98" cy="60" r="13" />
      <path className={styles.onTone} d="m92 60 4 4 8-8" />
    </>
  ),
};

/** A small line drawing, neutral with one tone; it says nothing the words beside it do not. */
export function Drawing({ name }: { name: DrawingName }) {
  return (
    <svg className={styles.drawing} viewBox="0 0 132 84" width="132" height="84" aria-hidden>
      {drawings[name]}
    </svg>
  );
}
