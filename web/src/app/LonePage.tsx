import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './LonePage.module.css';
import { Mark } from './Mark';

/** A page outside any workspace, without a menu: the mark, and what there is to say. */
export function LonePage({ children }: { children: ReactNode }) {
  const { t } = useTranslation('app');
  return (
    <div className={styles.page}>
      <header>
        <Link to="/" className={styles.product}>
          <Mark size={26} />
          {t('product')}
        </Link>
      </header>
      <main className={styles.main}>{children}</main>
    </div>
  );
}
