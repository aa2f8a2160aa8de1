import type { ReactNode } from 'react';
import type { StateName } from './states';
import styles from './StateIcon.module.css';

const ring = <circle cx="8" cy="8" r="6.100" />;
const octagon = 'M5.300 1.500h5.400l3.800 3.800v5.400l-3.800 3.800H5.300l-3.800-3.800V5.300z';

// Filled parts have no stroke of their own; a hole shows the ground through the colour of `--hole`.
const shapes: Record<StateName, ReactNode> = {
  draft: <circle cx="8" cy="8" r="6.100" strokeDasharray="2.400 2.391" />,
  assigned: (
    <>
      {ring}
      <path className={styles.full} d="M8 8V4.100A3.900 3.900 0 0 1 11.900 8z" />
    </>
  ),
  accepted: (
    <>
      {ring}
      <path className={styles.full} d="M8 4.100a3.900 3.900 0 0 1 0 7.800z" />
    </>
  ),
  rejected: (
    <>
      <path d={octagon} />
      <path d="m5.900 5.900 4.200 4.200m0-4.200-4.200 4.200" />
    </>
  ),
  reported: (
    <>
      <path className={styles.full} d="M8 .9 15.100 8 8 15.100.9 8z" strokeLinejoin="round" />
      <circle className={styles.hole} cx="8" cy="8" r="2.100" />
    </>
  ),
  sent_back: (
    <>
      <path className={styles.full} d="M7.100 1.700a1 1 0 0 1 1.800 0l6.200 11.500a1 1 0 0 1-.9 1.500H1.800a1 1 0 0 1-.9-1.500z" />
      <path className={styles.mark} d="M8 6v3.600M8 12.100v.1" />
    </>
  ),
  approved: (
    <>
      <circle className={styles.full} cx="8" cy="8" r="7" />
      <path className={styles.mark} d="m4.900 8.200 2.200 2.200 4-4.400" />
    </>
  ),
  cancelled: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2" />
      <path d="m4.800 11.200 6.400-6.400" />
    </>
  ),
  queued: <circle cx="8" cy="8" r="6.100" strokeDasharray="2.400 2.391" />,
  running: (
    <>
      <circle className={styles.faint} cx="8" cy="8" r="6.100" />
      <path className={styles.turning} d="M8 1.900A6.100 6.100 0 0 1 14.100 8" />
    </>
  ),
  paused: (
    <>
      <rect className={styles.full} x="1.500" y="1.500" width="13" height="13" rx="2.500" />
      <path className={styles.mark} d="M6.200 5.300v5.400M9.800 5.300v5.400" />
    </>
  ),
  retrying: (
    <>
      <path d="M13.200 5.200A6 6 0 1 0 14 8.600" />
      <path d="M13.600 1.800v3.600H10" />
    </>
  ),
  finished: (
    <>
      <circle className={styles.full} cx="8" cy="8" r="7" />
      <path className={styles.mark} d="m4.900 8.200 2.200 2.200 4-4.400" />
    </>
  ),
  finished_with_errors: (
    <>
      <circle className={styles.full} cx="8" cy="8" r="7" />
      <path className={styles.mark} d="M8 4.500v4.200M8 11.400v.1" />
    </>
  ),
  failed: (
    <>
      <path className={styles.full} d={octagon} />
      <path className={styles.mark} d="m5.900 5.900 4.200 4.200m0-4.200-4.200 4.200" />
    </>
  ),
  run_cancelled: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2" />
      <path d="m4.800 11.200 6.400-6.400" />
    </>
  ),
};

/**
 * The shape of a state in its tone. Silent for assistive technology unless it stands alone: then give it the label.
 * `still` takes the colour of the text around it, as in a stepper's past.
 */
export function StateIcon({ state, size = 16, label, still = false }: { state: StateName; size?: number; label?: string; still?: boolean }) {
  return (
    <svg
      className={styles.icon}
      data-tone={still ? undefined : state}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined || undefined}
    >
      {shapes[state]}
    </svg>
  );
}
