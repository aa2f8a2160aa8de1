import { Navigate, useSearch } from '@tanstack/react-router';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { paths } from './paths';
import { TaskEditor } from './TaskEditor';
import { taskRights, useVisit } from './useVisit';

/** Adds a task; `?copy=7` starts from another one. Whoever may not add any is led to the list. */
export default function NewTaskPanel() {
  const ws = useWorkspace();
  const ref = useParam('ref');
  const visit = useVisit();
  const search: unknown = useSearch({ strict: false });
  const copy = typeof search === 'object' && search !== null && 'copy' in search ? Number(search.copy) : undefined;
  if (!taskRights(visit).add) return <Navigate to={paths.tasks(ws, ref)} replace />;
  return <TaskEditor key={copy} visit={visit} copyOf={visit.tpm_activities?.find((task) => task.id === copy)} />;
}
