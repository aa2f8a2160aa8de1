import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import styles from './SkeletonRows.module.css';

const widths = ['62%', '78%', '54%', '70%', '48%', '66%'];

/** Rows of the real height that fade downwards, while the content is on its way. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation('ui');
  return (
    <div role="status" className={styles.rows}>
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row} style={{ opacity: 1 - (row / rows) * 0.75 }} aria-hidden>
          <span className={styles.bar} style={{ inlineSize: '12%' }} />
          <span className={styles.bar} style={{ inlineSize: 96, blockSize: 20, borderRadius: 10 }} />
          <span className={styles.grow}>
            <span className={styles.bar} style={{ inlineSize: widths[row % widths.length] }} />
          </span>
          <span className={styles.bar} style={{ inlineSize: '9%' }} />
        </div>
      ))}
    </div>
  );
}
