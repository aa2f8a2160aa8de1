import type { ComponentType, ReactNode } from 'react';
import styles from './RowCard.module.css';

/** A row of a list on phones: its number and what stands out, its name, and a few lines. */
export function RowCard({ reference, name, tags, children }: { reference?: ReactNode; name: ReactNode; tags?: ReactNode; children?: ReactNode }) {
  return (
    <span className={styles.card}>
      <span className={styles.head}>
        {reference === undefined ? null : <span className="reference">{reference}</span>}
        <span className={styles.tags}>{tags}</span>
      </span>
      <bdi className={styles.name}>{name}</bdi>
      {children}
    </span>
  );
}

/** One of its lines. */
export function CardLine({ icon: Icon, children }: { icon?: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>; children: ReactNode }) {
  return (
    <span className={styles.line}>
      {Icon === undefined ? null : <Icon size={16} stroke={1.7} aria-hidden />}
      <span>{children}</span>
    </span>
  );
}
