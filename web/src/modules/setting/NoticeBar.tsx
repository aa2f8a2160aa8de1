import { IconSpeakerphone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../kit/session';
import styles from './NoticeBar.module.css';

/** What an administrator tells everybody in this workspace, above every page. */
export function NoticeBar() {
  const { t } = useTranslation('setting');
  const { notice } = useSession();
  if (!notice) return null;
  return (
    <aside className={styles.bar} aria-label={t('notice')}>
      <IconSpeakerphone size={17} stroke={1.8} aria-hidden className={styles.icon} />
      <p>
        <bdi>{notice}</bdi>
      </p>
    </aside>
  );
}
