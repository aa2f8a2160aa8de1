import { type FirmDetail, firmKeys } from './firmQueries';
import { keys } from './queries';
import type { Permission, Visit } from './wire';

/** What documents belong to: a visit, some of them to its tasks, or a firm. */
export interface Holder {
  kind: 'visit' | 'firm';
  id: number;
  /** What the reader may do with the lists below it, by their address behind its own. */
  lists: Readonly<Record<string, Permission>>;
}

/** A visit as a holder of documents. */
export function visitHolder({ id, lists }: Pick<Visit, 'id' | 'lists'>): Holder {
  return { kind: 'visit', id, lists };
}

/** A firm as a holder of documents. */
export function firmHolder({ id, lists }: Pick<FirmDetail, 'id' | 'lists'>): Holder {
  return { kind: 'firm', id, lists };
}

const bases = { visit: '/api/tpm/visits/', firm: '/api/tpm/partners/' };

/** The address of a holder in the API. */
export function holderPath({ kind, id }: Pick<Holder, 'kind' | 'id'>): string {
  return `${bases[kind]}${id}/`;
}

/** The key of all that is fetched of a holder. */
export function holderKey(ws: string, { kind, id }: Pick<Holder, 'kind' | 'id'>) {
  return kind === 'visit' ? keys.visit(ws, id) : firmKeys.firm(ws, id);
}

/** The keys of what has to be read again when a document comes or goes: what a visit needs next depends on which reports are there. */
export function dependentKeys(ws: string, holder: Pick<Holder, 'kind' | 'id'>) {
  return holder.kind === 'visit' ? [holderKey(ws, holder), keys.history(ws, holder.id)] : [holderKey(ws, holder)];
}
