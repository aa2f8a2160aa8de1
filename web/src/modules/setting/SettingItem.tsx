import { IconChevronRight, IconLock } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { PathLink } from '../../kit/PathLink';
import { useWorkspace } from '../../kit/useWorkspace';
import { Tag } from '../../ui/Tag';
import { isChanged } from './draft';
import { paths } from './paths';
import styles from './SettingItem.module.css';
import type { Setting } from './wire';

/** A setting: what it does, what it is here, who decided that, and the way to change it. */
export function SettingItem({ setting, value }: { setting: Setting; value: string }) {
  const { t } = useTranslation('setting');
  const ws = useWorkspace();
  const { searchStr } = useLocation();
  const help = useId();
  const { source, pinned } = setting;
  const elsewhere = isChanged(setting) && source === 'default';
  return (
    <li className={styles.setting} data-changed={(isChanged(setting) && !pinned) || undefined}>
      <div className={styles.words}>
        <PathLink to={`${paths.setting(ws, setting.name)}${searchStr}`} className={styles.name} aria-describedby={help}>
          {setting.label}
        </PathLink>
        <p id={help} className={styles.help}>
          {setting.help}
        </p>
      </div>
      <div className={styles.end}>
        <span className={styles.value}>{value}</span>
        {pinned ? (
          <Tag tone="info">
            <IconLock size={13} stroke={1.8} aria-hidden /> {t('source.pinned')}
          </Tag>
        ) : source === 'administrator' || source === 'workspace' ? (
          <Tag tone="warn">{source === 'workspace' ? t('source.workspace', { code: ws }) : t('source.administrator')}</Tag>
        ) : elsewhere ? (
          <Tag tone="warn">{t('source.elsewhere')}</Tag>
        ) : null}
      </div>
      <IconChevronRight size={16} stroke={1.8} aria-hidden className={styles.open} />
    </li>
  );
}
