import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Note } from '../../ui/Note';
import { visitHolder } from './documentHolder';
import { documentsQuery } from './documentQueries';
import { taskNumber } from './names';
import { reportedTasks } from './reportState';
import type { Visit } from './wire';

/** Asks before a report is handed in, saying how complete it is and that it cannot be changed then. */
export function ReportSubmitDialog({ visit, facts, busy, error, onClose, onMake }: {
  visit: Visit;
  facts: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const holder = visitHolder(visit);
  const { data: overall } = useQuery(documentsQuery(ws, holder, 'report-attachments'));
  const { data: byTask } = useQuery(documentsQuery(ws, holder, 'activities/report-attachments'));
  const tasks = visit.tpm_activities ?? [];
  const done = reportedTasks(tasks, byTask?.documents ?? []);
  const without = tasks.map((task, index) => ({ task, number: taskNumber(index) })).filter(({ task }) => !done.includes(task));
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        onMake({});
      }}
      title={t('move.send_report.title', { reference: visit.reference_number })}
      confirm={t('move.send_report.confirm')}
      facts={facts}
      busy={busy}
      error={error}
    >
      {overall && byTask ? (
        <Note
          tone={without.length === 0 ? 'ok' : 'info'}
          title={`${t('report.done', { done: done.length, all: tasks.length })} · ${t('report.overallCount', { total: overall.documents.length })}`}
        >
          {without.length === 0 ? null : (
            <>
              {t('report.without')} <bdi dir="ltr">{without.map(({ number }) => number).join(', ')}</bdi>
            </>
          )}
        </Note>
      ) : null}
      <p>{t('move.send_report.text')}</p>
    </ConfirmDialog>
  );
}
