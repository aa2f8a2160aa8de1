import type { visitStates } from '../../ui/states';
import type { Status } from './wire';

/** The shape and tone of a visit's state; also its short name in addresses and texts. */
export type VisitState = (typeof visitStates)[number];

const shapes: Record<Status, VisitState> = {
  draft: 'draft',
  assigned: 'assigned',
  tpm_accepted: 'accepted',
  tpm_rejected: 'rejected',
  tpm_reported: 'reported',
  tpm_report_rejected: 'sent_back',
  unicef_approved: 'approved',
  cancelled: 'cancelled',
};

/** The states in the order of a visit's life. */
export const stateOrder: readonly VisitState[] = ['draft', 'assigned', 'rejected', 'accepted', 'reported', 'sent_back', 'approved', 'cancelled'];

/** The state of a status on the wire. */
export function stateOf(status: Status): VisitState {
  return shapes[status];
}

/** The status on the wire of a state. */
export function statusOf(state: VisitState): Status {
  const [status] = (Object.entries(shapes) as [Status, VisitState][]).find(([, shape]) => shape === state) ?? ['draft' as const]; // a Record's entries are its keys
  return status;
}

/** Tells whether a word, from an address, names a state. */
export function isState(word: string): word is VisitState {
  return (stateOrder as readonly string[]).includes(word);
}

const nextOf: Record<VisitState, readonly VisitState[]> = {
  draft: ['assigned', 'accepted', 'reported', 'approved'],
  assigned: ['accepted', 'reported', 'approved'],
  rejected: ['assigned', 'accepted', 'reported', 'approved'],
  accepted: ['reported', 'approved'],
  reported: ['approved'],
  sent_back: ['reported', 'approved'],
  approved: [],
  cancelled: [],
};

/** The states still to come when all goes well. */
export function statesAhead(state: VisitState): readonly VisitState[] {
  return nextOf[state];
}
