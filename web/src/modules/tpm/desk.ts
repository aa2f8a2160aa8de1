import type { SignedIn } from '../../kit/session';
import type { Slice } from './visitsList';

/** Which visits wait for a person, and for which the person waits. */
export interface Desk {
  waiting: Slice;
  others: Slice;
}

/** The role of people who carry out visits, as the server names it. */
const monitorRole = 'Third Party Monitor';

/** Tells whether the person acts for a firm: lists then leave out what is the same in every row. */
export function actsForFirm(session: SignedIn): boolean {
  return session.roles.includes(monitorRole);
}

/** Tells whether the person plans visits: the server lets them make new ones. */
export function plans(session: SignedIn): boolean {
  return session.menu.includes('tpm.visits.new');
}

/**
 * What lies on a person's desk: for planners the drafts, refusals and reports of the workspace; for people of a firm
 * what is assigned to them by name; for others of the agency the reports on tasks they are focal point of.
 */
export function deskOf(session: SignedIn): Desk {
  const me = session.user.id;
  if (plans(session)) return { waiting: { status: ['draft', 'rejected', 'reported'] }, others: { status: ['assigned', 'accepted', 'sent_back'] } };
  if (actsForFirm(session)) return { waiting: { status: ['assigned', 'accepted', 'sent_back'], monitor: me }, others: { status: ['rejected', 'reported'], monitor: me } };
  return { waiting: { status: ['reported'], focal: me }, others: { status: ['draft', 'assigned', 'rejected', 'accepted', 'sent_back'], focal: me } };
}
