import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { useWorkspace } from '../../kit/useWorkspace';
import styles from './ChangeNote.module.css';
import { changeHistoryQuery } from './queries';
import type { RuleRow } from './wire';

/** Who changed a rule, when, and the reason given. While that is unknown the kind of change stands alone. */
export function ChangeNote({ row }: { row: RuleRow }) {
  const { t } = useTranslation('permission');
  const formats = useFormats();
  const history = useQuery({ ...changeHistoryQuery(useWorkspace(), row.override ?? 0), enabled: row.override !== null });
  const made = history.data?.find((event) => event.verb === 'created');
  const what = row.declared ? 'off' : 'added';
  return (
    <div className={styles.change}>
      <p>
        {made === undefined ? t(`change.${what}`) : t(`change.${what}By`, { name: `\u2068${made.actor?.name ?? t('change.system')}\u2069`, at: `\u2068${formats.instant(made.at)}\u2069` })}
      </p>
      {row.note === '' ? null : (
        <blockquote className={styles.reason}>
          <bdi>{row.note}</bdi>
        </blockquote>
      )}
    </div>
  );
}
