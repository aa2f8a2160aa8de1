import { useSuspenseQuery } from '@tanstack/react-query';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { visitId, visitQuery } from './queries';
import type { Permission, Task, TaskPermissions, Visit } from './wire';

/** The visit of the page, which the route has loaded. */
export function useVisit(): Visit {
  const { data } = useSuspenseQuery(visitQuery(useWorkspace(), visitId(useParam('ref'))));
  return data;
}

/** What the reader may do with a field of a visit; nothing when the server did not say. */
export function permission(visit: Visit, field: keyof Visit): Permission {
  const word = visit.permissions[field];
  return typeof word === 'string' ? word : 'none';
}

/** What the reader may do with the tasks of a visit. */
export function taskRights(visit: Visit): { add: boolean; remove: boolean; may: (field: keyof Task) => Permission } {
  const fields: TaskPermissions = visit.permissions['tpm_activities.*'] ?? {};
  const may = (field: keyof Task) => {
    const word = fields[field];
    return typeof word === 'string' ? word : 'none';
  };
  return { add: permission(visit, 'tpm_activities') === 'write' && may('partner') === 'write', remove: fields._delete === true, may };
}
