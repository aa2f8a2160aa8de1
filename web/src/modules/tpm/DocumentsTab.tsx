import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UnsavedGuard } from '../../kit/UnsavedGuard';
import { useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { DocumentLinkDialog } from './DocumentLinkDialog';
import { DocumentLinks } from './DocumentLinks';
import { visitHolder } from './documentHolder';
import { documentLinksQuery, documentsQuery } from './documentQueries';
import { DocumentShelf } from './DocumentShelf';
import { taskNumber } from './names';
import { ReportTask } from './ReportTask';
import styles from './ReportTab.module.css';
import { useUploads } from './uploads';
import { useVisit } from './useVisit';
import type { Task } from './wire';

/** What the firm should read before it goes: documents of the whole visit, of its tasks, and links to what exists elsewhere. */
export default function DocumentsTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const visit = useVisit();
  const holder = visitHolder(visit);
  const overall = useQuery(documentsQuery(ws, holder, 'attachments'));
  const byTask = useQuery(documentsQuery(ws, holder, 'activities/attachments'));
  const links = useQuery(documentLinksQuery(ws, visit.id));
  const uploads = useUploads(holder);
  const [linking, setLinking] = useState<{ task: Task; number: string }>();
  const failed = overall.error ?? byTask.error ?? links.error;
  const tasks = visit.tpm_activities ?? [];

  if (failed) {
    return (
      <ErrorState
        error={failed}
        title={t('documents.failed')}
        onRetry={() => {
          void overall.refetch();
          void byTask.refetch();
          void links.refetch();
        }}
        retrying={overall.isFetching || byTask.isFetching || links.isFetching}
      />
    );
  }
  if (overall.data === undefined || byTask.data === undefined || links.data === undefined) return <SkeletonRows rows={5} />;
  if (overall.data === null && byTask.data === null) {
    return (
      <EmptyState drawing="nothing" title={t('documents.hidden')}>
        {t('documents.hiddenText')}
      </EmptyState>
    );
  }
  const documents = byTask.data;
  return (
    <div className={styles.single}>
      {overall.data === null ? null : (
        <Card title={t('documents.overall')} note={t('documents.seenBy')}>
          <DocumentShelf holder={holder} shelf={{ list: 'attachments' }} label={t('documents.overall')} content={overall.data} uploads={uploads} none={t('documents.none')} />
        </Card>
      )}
      {documents === null || tasks.length === 0 ? null : (
        <Card title={t('documents.byTask')} note={t('documents.seenBy')}>
          {tasks.map((task, index) => {
            const number = taskNumber(index);
            const linked = links.data.filter((link) => link.activity_id === task.id);
            return (
              <ReportTask
                key={task.id}
                task={task}
                index={index}
                end={
                  documents.writable && task.partner ? (
                    <Button
                      variant="subtle"
                      size="xs"
                      leftSection={<IconLink size={15} stroke={1.7} />}
                      aria-label={t('documents.linkTo', { number })}
                      onClick={() => {
                        setLinking({ task, number });
                      }}
                    >
                      {t('documents.link')}
                    </Button>
                  ) : undefined
                }
              >
                <DocumentShelf
                  holder={holder}
                  shelf={{ list: 'activities/attachments', task: task.id }}
                  label={t('documents.ofTask', { number })}
                  content={documents}
                  uploads={uploads}
                  none={t('documents.none')}
                >
                  {linked.length === 0 ? null : <DocumentLinks visit={visit.id} links={linked} number={number} removable={documents.writable} />}
                </DocumentShelf>
              </ReportTask>
            );
          })}
        </Card>
      )}
      {linking === undefined ? null : (
        <DocumentLinkDialog
          visit={visit.id}
          task={linking.task}
          number={linking.number}
          linked={links.data.filter((link) => link.activity_id === linking.task.id).map(({ attachment }) => attachment)}
          onClose={() => {
            setLinking(undefined);
          }}
        />
      )}
      <UnsavedGuard dirty={uploads.underWay} />
    </div>
  );
}
