import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { placeName, taskNumber } from './names';
import styles from './ReportTab.module.css';
import type { Task } from './wire';

/** A task with the documents about it. `missing` says that there is no report of its own. */
export function ReportTask({ task, index, missing, end, children }: { task: Task; index: number; missing?: boolean; end?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  return (
    <section className={styles.task}>
      <h3 className={styles.taskHead}>
        <bdi dir="ltr">{taskNumber(index)}</bdi>
        <bdi>{task.partner?.name ?? '–'}</bdi>
        {task.locations?.length ? <bdi className={styles.quiet}>{task.locations.map(placeName).join(', ')}</bdi> : null}
        {task.date ? <bdi className={styles.quiet}>{formats.date(task.date)}</bdi> : null}
        {missing ? <span className={styles.missing}>{t('report.missing')}</span> : null}
        {end === undefined ? null : <span className={styles.end}>{end}</span>}
      </h3>
      {children}
    </section>
  );
}
