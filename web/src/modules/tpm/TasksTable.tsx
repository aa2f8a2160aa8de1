import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { PathLink } from '../../kit/PathLink';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { placeName, taskNumber } from './names';
import { paths } from './paths';
import styles from './TasksTable.module.css';
import { taskRights } from './useVisit';
import type { Task, Visit } from './wire';

/** The tasks of a visit, each a link to its panel; rows of labelled lines where there is no room for a table. */
export function TasksTable({ visit, compact = false }: { visit: Visit; compact?: boolean }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useWorkspace();
  const ref = useParam('ref');
  const { may } = taskRights(visit);
  const tasks = visit.tpm_activities ?? [];
  if (tasks.length === 0) return <p className={styles.none}>{t('tasks.noneShort')}</p>;
  const told = (field: keyof Task) => may(field) !== 'none';
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className={styles.caption}>{t('tab.tasks')}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.number}>
              {t('field.number')}
            </th>
            <th scope="col">{t('field.partnerAndAgreement')}</th>
            <th scope="col">{t('field.placeAndDate')}</th>
            {!compact && told('section') ? (
              <th scope="col" className={styles.wide}>
                {t('field.section')}
              </th>
            ) : null}
            {!compact && told('unicef_focal_points') ? (
              <th scope="col" className={styles.wide}>
                {t('field.agencyFocalPoints')}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {tasks.map((task, index) => (
            <tr key={task.id} className={styles.row}>
              <td className={styles.number}>
                <PathLink to={paths.task(ws, ref, task.id)} className={styles.link} aria-label={t('tasks.open', { number: taskNumber(index), partner: task.partner?.name ?? '' })}>
                  <bdi dir="ltr">{taskNumber(index)}</bdi>
                </PathLink>
              </td>
              <td>
                <span className={styles.strong}>{task.partner?.name ?? '–'}</span>
                <span className={styles.quiet}>{task.intervention ? task.intervention.title || task.intervention.number : t('tasks.noAgreement')}</span>
              </td>
              <td>
                <span>{task.locations?.length ? task.locations.map(placeName).join(', ') : '–'}</span>
                <span className={styles.quiet}>{formats.date(task.date)}</span>
              </td>
              {!compact && told('section') ? <td className={styles.wide}>{task.section?.name ?? '–'}</td> : null}
              {!compact && told('unicef_focal_points') ? (
                <td className={styles.wide}>
                  {task.unicef_focal_points?.length ? formats.list(task.unicef_focal_points.map((person) => person.name)) : <span className={styles.needed}>{t('noneYet')}</span>}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
