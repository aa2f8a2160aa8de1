import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { ChangeEvent, ChangeInput, RuleRow, Vocabulary } from './wire';

const path = '/api/permission/';

/** The keys of what is fetched of rules. Rules hold for every workspace, but who asks is told by one. */
export const keys = {
  rows: (ws: string) => ['permission', ws, 'rows'] as const,
  vocabulary: (ws: string) => ['permission', ws, 'vocabulary'] as const,
  history: (ws: string, id: number) => ['permission', ws, 'history', id] as const,
};

/** Every rule there is, switched off or not. */
export function rowsQuery(ws: string) {
  return queryOptions({
    queryKey: keys.rows(ws),
    queryFn: ({ signal }) => api.get<RuleRow[]>(`${path}rows/`, { workspace: ws, signal }),
  });
}

/** What rules can be made of, with the words for it. It changes only with the program. */
export function vocabularyQuery(ws: string) {
  return queryOptions({
    queryKey: keys.vocabulary(ws),
    queryFn: ({ signal }) => api.get<Vocabulary>(`${path}vocabulary/`, { workspace: ws, signal }),
    staleTime: 10 * 60_000,
  });
}

/** What happened to a change of the rules, oldest or newest first as the server has it. */
export function changeHistoryQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: keys.history(ws, id),
    queryFn: ({ signal }) => api.get<ChangeEvent[]>(`${path}overrides/${id}/history/`, { workspace: ws, signal }),
    staleTime: 5 * 60_000,
  });
}

/** Changes the rules for everybody. */
export function makeChange(ws: string, input: ChangeInput, idempotencyKey: string): Promise<{ id: number }> {
  return api.post<{ id: number }>(`${path}overrides/`, input, { workspace: ws, idempotencyKey });
}

/** Takes a change back: the rules are as if it had never been made. */
export function takeBack(ws: string, id: number): Promise<void> {
  return api.delete(`${path}overrides/${id}/`, { workspace: ws });
}
