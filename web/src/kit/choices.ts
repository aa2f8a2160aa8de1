import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page, type Query } from '../api/client';

/** Something to choose, and what tells it from others of its name. */
export interface Choice {
  id: number;
  name: string;
  hint?: string | undefined;
}

/** Records from which something is chosen. Keep it at module level: its path and query are the key of what was asked. */
export interface Choices {
  /** Where the server has the list. */
  path: string;
  /** What narrows it. */
  query?: Query;
  /** Says of a row of the list how it is offered. */
  choice: (row: never) => Choice;
}

/** Declares from what is chosen; the type is that of the rows of the list. */
export function choicesOf<Row>(path: string, choice: (row: Row) => Choice, query?: Query): Choices {
  return { path, choice, ...(query !== undefined && { query }) };
}

/** A few of them that have what was typed. */
export function choicesQuery(ws: string, { path, query, choice }: Choices, search: string) {
  return queryOptions({
    queryKey: ['choices', ws, path, query ?? {}, search],
    queryFn: async ({ signal }) => (await api.get<Page<never>>(path, { workspace: ws, query: { ...query, search, page_size: 30 }, signal })).results.map(choice),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The places of a level, by its letter; each with what it lies in. */
export const placeChoices = (type: 'D' | 'V') =>
  choicesOf<{ id: number; name: string; parent: { name: string } | null }>('/api/location/locations/', ({ id, name, parent }) => ({ id, name, hint: parent?.name }), { type, fields: 'id,name,parent' });

/** What has a code and a name, by both. */
export const codedChoices = (path: string) => choicesOf<{ id: number; code: string; name: string }>(path, ({ id, code, name }) => ({ id, name, hint: code }), { fields: 'id,code,name' });
