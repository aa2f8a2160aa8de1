import { stateOf, statesAhead, type VisitState } from './status';
import type { HistoryEvent, Visit } from './wire';

/** A state that a visit has reached, when, and by whom. */
export interface ReachedState {
  state: VisitState;
  /** An instant, or a day where only that is known. */
  at: string;
  person: string | undefined;
  /** 1, 2, … for states reached more than once. */
  round: number | undefined;
}

const dayOf: Record<VisitState, keyof Visit> = {
  draft: 'date_created',
  assigned: 'date_of_assigned',
  accepted: 'date_of_tpm_accepted',
  rejected: 'date_of_tpm_rejected',
  reported: 'date_of_tpm_reported',
  sent_back: 'date_of_tpm_report_rejected',
  approved: 'date_of_unicef_approved',
  cancelled: 'date_of_cancelled',
};

/**
 * The states a visit went through, in order, each pass of its own. Without the history, as far as the visit's dates tell:
 * the draft and the present state.
 */
export function reachedStates(visit: Visit, history: readonly HistoryEvent[] | undefined): ReachedState[] {
  const reached: Omit<ReachedState, 'round'>[] = (history ?? []).flatMap((event) => {
    if (event.entity !== 'tpm.visit') return [];
    const person = event.actor?.name;
    if (event.to !== undefined) return [{ state: stateOf(event.to), at: event.at, person }];
    return event.verb === 'created' ? [{ state: 'draft' as const, at: event.at, person }] : [];
  });
  const present = stateOf(visit.status);
  if (reached.at(-1)?.state !== present) {
    reached.splice(0, reached.length);
    if (present !== 'draft' && visit.date_created) reached.push({ state: 'draft', at: visit.date_created, person: undefined });
    reached.push({ state: present, at: dayText(visit[dayOf[present]]) ?? visit.status_date ?? '', person: undefined });
  }
  const passes = new Map<VisitState, number>();
  return reached.map((step) => {
    const round = (passes.get(step.state) ?? 0) + 1;
    passes.set(step.state, round);
    const times = reached.filter((other) => other.state === step.state).length;
    return { ...step, round: times > 1 ? round : undefined };
  });
}

function dayText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The states still ahead of a visit. */
export function aheadOf(visit: Visit): readonly VisitState[] {
  return statesAhead(stateOf(visit.status));
}

/** Who made the visit, when the history tells. */
export function authorOf(history: readonly HistoryEvent[] | undefined): string | undefined {
  return history?.find((event) => event.entity === 'tpm.visit' && event.verb === 'created')?.actor?.name;
}

const hour = 3_600_000;

const commentFields = new Set(['reject_comment', 'cancel_comment', 'approval_comment', 'reject_reason']);

/** The words that went with an event, if any. */
export function commentOf(event: HistoryEvent): string | undefined {
  const said = event.changes.find((change) => commentFields.has(change.field))?.after;
  return typeof said === 'string' && said !== '' ? said : undefined;
}

/** The changes of an event that are not words said with it. */
export function editsOf(event: HistoryEvent): HistoryEvent['changes'] {
  return event.changes.filter((change) => !commentFields.has(change.field));
}

/** Tells whether an event is about a document that came or went. */
export function isFile({ verb }: HistoryEvent): boolean {
  return verb === 'file_added' || verb === 'file_removed';
}

/** Events of one person, at one time, of one kind, told as one: four tasks added at once are one line, and so are documents of one place within an hour. */
export interface Told {
  key: string;
  first: HistoryEvent;
  events: HistoryEvent[];
}

/** The history as it is told: newest first, events that belong together as one. */
export function tell(history: readonly HistoryEvent[]): Told[] {
  const told: Told[] = [];
  for (const event of history) {
    // Changing a task touches the visit as well; the task's own event says it.
    if (event.verb === 'updated' && event.changes.length === 0) continue;
    const last = told.at(-1);
    const together =
      last !== undefined &&
      last.first.entity === event.entity &&
      last.first.verb === event.verb &&
      last.first.actor?.id === event.actor?.id &&
      (isFile(event)
        ? last.first.record === event.record && Date.parse(event.at) - Date.parse(last.first.at) < hour
        : event.entity === 'tpm.task' && event.verb !== 'updated' && last.first.at === event.at);
    if (together) last.events.push(event);
    else told.push({ key: String(event.id), first: event, events: [event] });
  }
  return told.reverse();
}
