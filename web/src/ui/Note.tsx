import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Note.module.css';

const icons = { info: IconInfoCircle, warn: IconAlertTriangle, danger: IconAlertTriangle, ok: IconCircleCheck };

/** A line that tells, warns, stops or confirms, with an optional way on at its end. */
export function Note({ tone = 'info', title, end, children, ...rest }: {
  tone?: 'info' | 'warn' | 'danger' | 'ok';
  title?: ReactNode;
  end?: ReactNode;
  children?: ReactNode;
  role?: 'alert' | 'status';
}) {
  const Icon = icons[tone];
  return (
    <div className={styles.note} data-tone={tone} {...rest}>
      <Icon size={17} stroke={1.8} aria-hidden className={styles.icon} />
      <div className={styles.text}>
        {title === undefined ? null : <strong className={styles.title}>{title}</strong>}
        {children}
      </div>
      {end === undefined ? null : <div className={styles.end}>{end}</div>}
    </div>
  );
}
