import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import styles from './Freshness.module.css';

/** How old the newest answer of the server is, or since when there is no connection. */
export function Freshness() {
  const { t } = useTranslation('app');
  const formats = useFormats();
  const client = useQueryClient();
  // Re-renders when loading starts or ends, which is when the time changes.
  useIsFetching();
  const online = useSyncExternalStore(onConnection, () => navigator.onLine);
  const newest = client
    .getQueryCache()
    .getAll()
    .reduce((time, query) => Math.max(time, query.state.dataUpdatedAt), 0);
  const time = newest === 0 ? '' : formats.time(newest);
  const text = online ? (time === '' ? t('freshness.loading') : t('freshness.upToDate', { time })) : t('freshness.offline', { time });
  const Icon = online ? IconCloudCheck : IconCloudOff;
  return (
    <p className={online ? styles.fresh : styles.offline} role="status" title={text}>
      <Icon size={16} stroke={1.7} aria-hidden />
      <span className={styles.text}>{text}</span>
    </p>
  );
}

function onConnection(tell: () => void) {
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  return () => {
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
  };
}
