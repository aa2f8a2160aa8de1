import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PathLink } from '../../kit/PathLink';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { paths } from './paths';
import { TasksTable } from './TasksTable';
import styles from './TasksTab.module.css';
import { taskRights, useVisit } from './useVisit';

/** All tasks of the visit; one opens in a panel beside the list. */
export default function TasksTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const ref = useParam('ref');
  const visit = useVisit();
  const { add } = taskRights(visit);
  const count = visit.tpm_activities?.length ?? 0;
  const button = add ? (
    <Button component={PathLink} to={paths.newTask(ws, ref)} leftSection={<IconPlus size={16} stroke={1.8} />}>
      {t('tasks.add')}
    </Button>
  ) : undefined;
  return (
    <div className={styles.page}>
      {count === 0 ? (
        <EmptyState drawing="nothing" title={t('tasks.none')} actions={button}>
          {t(add ? 'tasks.noneText' : 'tasks.noneReader')}
        </EmptyState>
      ) : (
        <Card title={t('tab.tasks')} note={t('visit.tasks', { count })} end={button} flush>
          <TasksTable visit={visit} />
        </Card>
      )}
      <Outlet />
    </div>
  );
}
