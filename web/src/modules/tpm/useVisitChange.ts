import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { newKey } from '../../api/client';
import { useWorkspace } from '../../kit/useWorkspace';
import { changeVisit, keys, moveVisit } from './queries';
import type { Visit, VisitInput } from './wire';

/** Puts a visit as the server just answered it where all parts of the page read it, and has what depends on it read again. */
function take(client: QueryClient, ws: string, visit: Visit): void {
  client.setQueryData(keys.visit(ws, visit.id), visit);
  void client.invalidateQueries({ queryKey: keys.history(ws, visit.id) });
  // Which documents may be seen and sent depends on the state.
  void client.invalidateQueries({ queryKey: [...keys.visit(ws, visit.id), 'documents'] });
  void client.invalidateQueries({ queryKey: keys.lists(ws) });
}

/** Changes a visit that was read in a version. What the server answers is on the page when it resolves. */
export function useVisitChange(id: number) {
  const ws = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, input }: { version: number; input: VisitInput }) => changeVisit(ws, id, version, input),
    onSuccess: (visit) => {
      take(client, ws, visit);
    },
  });
}

/** Makes a move on a visit that was read in a version. */
export function useVisitMove(id: number) {
  const ws = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, code, input = {} }: { version: number; code: string; input?: Readonly<Record<string, unknown>> }) =>
      moveVisit(ws, id, version, code, input, newKey()),
    onSuccess: (visit) => {
      take(client, ws, visit);
    },
    onError: () => {
      // Whatever was in the way, the page behind the dialog should be as the server has it.
      void client.invalidateQueries({ queryKey: keys.visit(ws, id) });
      void client.invalidateQueries({ queryKey: keys.history(ws, id) });
    },
  });
}
