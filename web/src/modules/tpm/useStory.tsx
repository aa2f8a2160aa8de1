import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import type { TimelineEvent } from '../../ui/Timeline';
import { taskNumber } from './names';
import { stateOf } from './status';
import { commentOf, editsOf, isFile, type Told } from './story';
import styles from './StoryList.module.css';
import type { Change, HistoryEvent, Visit } from './wire';

const moves = new Set(['assigned', 'accepted', 'rejected', 'reported', 'report_rejected', 'approved', 'cancelled']);

/** Puts what happened to a visit into words. */
export function useStory(visit: Pick<Visit, 'tpm_activities' | 'tpm_partner'>): (told: Told) => TimelineEvent {
  const { t, i18n } = useTranslation('tpm');
  const formats = useFormats();

  function taskName(event: HistoryEvent): string | undefined {
    const index = visit.tpm_activities?.findIndex((task) => task.id === event.record) ?? -1;
    return index === -1 ? undefined : taskNumber(index);
  }

  function what({ first, events }: Told): string {
    if (isFile(first)) {
      const done = first.verb === 'file_added' ? 'Added' : 'Removed';
      const number = event(first, 'tpm.task') ? taskName(first) : undefined;
      return number === undefined ? t(`event.files${done}`, { count: events.length }) : t(`event.taskFiles${done}`, { count: events.length, number });
    }
    if (event(first, 'tpm.task')) {
      if (first.verb === 'created') return t('event.tasksAdded', { count: events.length });
      if (first.verb === 'deleted') return t('event.tasksRemoved', { count: events.length });
      const number = taskName(first);
      return number === undefined ? t('event.taskChanged') : t('event.taskNumberChanged', { number });
    }
    if (first.verb === 'created') return visit.tpm_partner ? t('event.createdFor', { firm: visit.tpm_partner.name }) : t('event.created');
    if (first.verb === 'assigned' && first.from === 'tpm_rejected') return t('event.assignedAgain');
    return moves.has(first.verb) ? t(`event.${first.verb}`) : t('event.updated');
  }

  function detail({ first, events }: Told): ReactNode {
    if (isFile(first)) return undefined;
    if (event(first, 'tpm.task') && first.verb !== 'updated') {
      const side = first.verb === 'created' ? 'after' : 'before';
      const names = events.map((one) => one.changes.find((change) => change.field === 'partner')?.[side]).filter((name) => typeof name === 'string');
      return names.length === 0 ? undefined : formats.list([...new Set(names)]);
    }
    if (first.verb === 'created') return undefined;
    const edits = editsOf(first);
    if (edits.length === 0) return undefined;
    return (
      <span className={styles.edits}>
        {edits.map((change) => (
          <span key={change.field}>{edit(change)}</span>
        ))}
      </span>
    );
  }

  function edit(change: Change): string {
    const known = `change.${change.field}`;
    const field = i18n.exists(known, { ns: 'tpm' }) ? t(known) : change.label;
    const after = worded(change, change.after);
    // What was no before is yes now: saying so once is enough.
    return nothing(change.before) || typeof change.before === 'boolean' ? t('event.set', { field, after }) : t('event.edit', { field, before: worded(change, change.before), after });
  }

  function worded({ kind }: Change, value: unknown): string {
    if (nothing(value)) return t('event.nothing');
    if (typeof value === 'boolean') return t(value ? 'event.yes' : 'event.no');
    if (Array.isArray(value)) return formats.list(value.map(String));
    if (kind === 'date' && typeof value === 'string') return formats.date(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > 120 ? `${text.slice(0, 117)}…` : text;
  }

  return (told) => {
    const { first } = told;
    const state = first.entity === 'tpm.visit' ? (first.to ? stateOf(first.to) : first.verb === 'created' ? ('draft' as const) : undefined) : undefined;
    const comment = commentOf(first);
    const details = detail(told);
    return {
      key: told.key,
      at: first.at,
      person: first.actor?.name ?? t('event.system'),
      what: what(told),
      ...(state === undefined ? {} : { state }),
      ...(details === undefined ? {} : { detail: details }),
      ...(comment === undefined ? {} : { comment: <bdi>{comment}</bdi> }),
    };
  };
}

function nothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function event({ entity }: HistoryEvent, name: string): boolean {
  return entity === name;
}
