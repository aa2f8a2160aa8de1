import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/ApiError';
import { useWorkspace } from '../../kit/useWorkspace';
import { historyQuery, keys, visitQuery } from './queries';
import { tell, type Told } from './story';
import { useVisitChange } from './useVisitChange';
import type { HistoryEvent, Visit, VisitInput } from './wire';

/** Somebody else was faster: what they did, and the visit as it is now. */
export interface Conflict {
  visit: Visit;
  told: Told[];
}

/**
 * Editing a visit without losing what others write meanwhile. The version that counts is the one on screen when editing
 * began; when the server has a newer one, nothing is written and `conflict` says what happened.
 */
export function useVisitEdit(visit: Visit) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const change = useVisitChange(visit.id);
  const [base, setBase] = useState(() => ({ version: visit.version, lastEvent: lastIn(client.getQueryData<HistoryEvent[]>(keys.history(ws, visit.id))) }));
  const [conflict, setConflict] = useState<Conflict>();

  /** Saves, and returns the visit as it is then; undefined when it was not saved, and `error` or `conflict` say why. */
  async function save(input: VisitInput, version = base.version): Promise<Visit | undefined> {
    try {
      const saved = await change.mutateAsync({ version, input });
      setConflict(undefined);
      rebase(saved);
      return saved;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 409 || error.status === 412)) {
        const [latest, history] = await Promise.all([
          client.query({ ...visitQuery(ws, visit.id), staleTime: 0 }),
          client.query({ ...historyQuery(ws, visit.id), staleTime: 0 }),
        ]);
        setConflict({ visit: latest, told: tell(history.filter((event) => event.id > base.lastEvent)) });
      }
      return undefined;
    }
  }

  /** From now on the visit on screen is this one. */
  function rebase(to: Visit): void {
    setConflict(undefined);
    setBase({ version: to.version, lastEvent: lastIn(client.getQueryData<HistoryEvent[]>(keys.history(ws, visit.id))) });
  }

  const conflicting = change.error instanceof ApiError && (change.error.status === 409 || change.error.status === 412);
  return { save, rebase, conflict, saving: change.isPending, error: conflicting ? null : change.error, reset: change.reset };
}

function lastIn(history: readonly HistoryEvent[] | undefined): number {
  return Math.max(0, ...(history ?? []).map((event) => event.id));
}
