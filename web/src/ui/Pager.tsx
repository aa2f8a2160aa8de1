import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import styles from './Pager.module.css';

/** The foot of a list: which rows are shown, of how many, how many at once, and the way to the others. */
export function Pager({ page, pageSize, count, onPage, onPageSize, sizes = [25, 50, 100] }: {
  page: number;
  pageSize: number;
  count: number;
  onPage: (page: number) => void;
  onPageSize?: (size: number) => void;
  sizes?: readonly number[];
}) {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  const first = count === 0 ? 0 : (page - 1) * pageSize + 1;
  const last = Math.min(page * pageSize, count);
  return (
    <nav className={styles.pager} aria-label={t('pager.label')}>
      <span className={styles.shown} aria-live="polite">
        {t('pager.shown', { first: formats.number(first), last: formats.number(last), total: formats.number(count) })}
      </span>
      {onPageSize ? (
        <label className={styles.size}>
          <select
            value={pageSize}
            onChange={(event) => {
              onPageSize(Number(event.currentTarget.value));
            }}
            aria-label={t('pager.size')}
          >
            {[...new Set([...sizes, pageSize])].sort((a, b) => a - b).map((size) => (
              <option key={size} value={size}>
                {t('pager.rows', { count: size })}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <span className={styles.buttons}>
        <Button variant="default" size="xs" disabled={page <= 1} onClick={() => { onPage(page - 1); }}>
          {t('pager.previous')}
        </Button>
        <Button variant="default" size="xs" disabled={last >= count} onClick={() => { onPage(page + 1); }}>
          {t('pager.next')}
        </Button>
      </span>
    </nav>
  );
}
