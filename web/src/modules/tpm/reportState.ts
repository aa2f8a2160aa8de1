import type { StoredDocument } from './documentQueries';
import { stateOf } from './status';
import type { Task, Visit } from './wire';

/** Tells whether a report was handed in at least once: before that nobody but its writers has anything to read. */
export function reportWasSubmitted(visit: Visit): boolean {
  return ['reported', 'sent_back', 'approved'].includes(stateOf(visit.status)) || (visit.status === 'cancelled' && Boolean(visit.date_of_tpm_reported));
}

/** The tasks of a visit that documents of their own report on. */
export function reportedTasks(tasks: readonly Task[], documents: readonly StoredDocument[]): Task[] {
  const told = new Set(documents.map((document) => document.object_id));
  return tasks.filter((task) => told.has(task.id));
}
