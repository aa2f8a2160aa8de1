import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { visitHolder } from './documentHolder';
import { documentsQuery } from './documentQueries';
import { DocumentShelf } from './DocumentShelf';
import { taskNumber } from './names';
import { historyQuery } from './queries';
import { ReportTask } from './ReportTask';
import { reportedTasks, reportWasSubmitted } from './reportState';
import styles from './ReportTab.module.css';
import { SendBackNote } from './SendBackNote';
import { stateOf } from './status';
import { useUploads } from './uploads';
import { useVisit } from './useVisit';
import { VisitActions } from './VisitActions';

/** The report of a visit: what is there for the whole visit and by task, and for its writers what is missing. */
export default function ReportTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const visit = useVisit();
  const holder = visitHolder(visit);
  const history = useQuery(historyQuery(ws, visit.id));
  const overall = useQuery(documentsQuery(ws, holder, 'report-attachments'));
  const byTask = useQuery(documentsQuery(ws, holder, 'activities/report-attachments'));
  const uploads = useUploads(holder);
  const failed = overall.error ?? byTask.error;
  const tasks = visit.tpm_activities ?? [];

  if (failed) {
    return (
      <ErrorState
        error={failed}
        title={t('report.failed')}
        onRetry={() => {
          void overall.refetch();
          void byTask.refetch();
        }}
        retrying={overall.isFetching || byTask.isFetching}
      />
    );
  }
  if (overall.data === undefined || byTask.data === undefined) return <SkeletonRows rows={5} />;
  if (overall.data === null && byTask.data === null) {
    return (
      <EmptyState drawing="nothing" title={t('report.hidden')}>
        {t('report.hiddenText')}
      </EmptyState>
    );
  }
  const writing = overall.data?.writable === true || byTask.data?.writable === true;
  if (!writing && !reportWasSubmitted(visit)) {
    return (
      <EmptyState drawing="nothing" title={t('report.notYet')}>
        {t('report.notYetText', { firm: visit.tpm_partner?.name ?? t('turn.noFirm') })}
      </EmptyState>
    );
  }
  const done = new Set(reportedTasks(tasks, byTask.data?.documents ?? []).map(({ id }) => id));
  return (
    <div className={styles.page}>
      <div className={styles.turn}>
        <VisitActions visit={visit} history={history.data} />
      </div>
      <div className={styles.main}>
        <SendBackNote visit={visit} />
        {!writing && stateOf(visit.status) === 'sent_back' ? <Note tone="info">{t('report.beingCorrected')}</Note> : null}
        {tasks.length > 0 && byTask.data !== null ? (
          <Card title={t('report.completeness')}>
            <div className={styles.progress}>
              <p className={styles.count}>{t('report.done', { done: done.size, all: tasks.length })}</p>
              <div className={styles.parts} aria-hidden>
                {tasks.map((task) => (
                  <span key={task.id} className={styles.part} data-there={done.has(task.id) || undefined} />
                ))}
              </div>
              {writing ? <p>{t('report.enough')}</p> : null}
            </div>
          </Card>
        ) : null}
        {overall.data === null ? null : (
          <Card title={t('report.overall')} note={t('document.count', { total: overall.data.documents.length })}>
            <DocumentShelf holder={holder} shelf={{ list: 'report-attachments' }} label={t('report.overall')} content={overall.data} uploads={uploads} none={t('report.overallNone')} />
          </Card>
        )}
        {byTask.data === null || tasks.length === 0 ? null : (
          <Card title={t('report.byTask')} note={t('document.count', { total: byTask.data.documents.length })}>
            {tasks.map((task, index) => (
              <ReportTask key={task.id} task={task} index={index} missing={!done.has(task.id)}>
                <DocumentShelf
                  holder={holder}
                  shelf={{ list: 'activities/report-attachments', task: task.id }}
                  label={t('report.ofTask', { number: taskNumber(index) })}
                  content={byTask.data ?? { documents: [], types: [], writable: false, most: undefined }}
                  uploads={uploads}
                  none={t('report.taskNone')}
                />
              </ReportTask>
            ))}
          </Card>
        )}
      </div>
      <UnsavedGuard dirty={uploads.underWay} />
    </div>
  );
}
