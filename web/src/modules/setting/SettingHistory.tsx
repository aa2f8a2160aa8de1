import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import { Note } from '../../ui/Note';
import { useErrorText } from '../../ui/useErrorText';
import { historyQuery } from './queries';
import styles from './SettingHistory.module.css';
import { useValueText } from './useValueText';
import type { Setting, Value } from './wire';

/** Who changed a setting, when, from what and to what, the newest first. */
export function SettingHistory({ setting }: { setting: Setting }) {
  const { t } = useTranslation('setting');
  const { t: ui } = useTranslation('ui');
  const ws = useWorkspace();
  const formats = useFormats();
  const errorText = useErrorText();
  const valueText = useValueText();
  const title = useId();
  const history = useQuery(historyQuery(ws, setting.name));
  const text = (value: Value | null) => (value === null ? t('history.default') : valueText(setting, value));
  return (
    <section aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        {t('history.title')}
      </h3>
      {history.isError ? (
        <Note
          tone="danger"
          title={t('history.failed')}
          end={
            <Button variant="subtle" size="xs" onClick={() => void history.refetch()}>
              {ui('tryAgain')}
            </Button>
          }
        >
          {errorText(history.error).text}
        </Note>
      ) : history.data?.length === 0 ? (
        <p className={styles.quiet}>{t('history.none')}</p>
      ) : (
        <ol className={styles.events}>
          {history.data?.map((event, n) => (
            <li key={history.data.length - n} className={styles.event}>
              <p>
                {t('history.change', { before: text(event.before), after: text(event.after) })}
                {event.workspace === '' ? null : <> ({event.workspace})</>}
              </p>
              <p className={styles.quiet}>
                <bdi>{event.actor?.name ?? t('system')}</bdi> · <time dateTime={event.at}>{formats.instant(event.at)}</time>
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
