import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Control, ControlInput, Extension, ExtensionInput, HistoryEvent, RecordType } from './wire';

const path = '/api/customisation/';

/** The types of records with the fields that come with the program. */
export function typesQuery(ws: string) {
  return queryOptions({
    queryKey: ['customisation', ws, 'types'],
    queryFn: ({ signal }) => api.get<RecordType[]>(`${path}record-types/`, { workspace: ws, signal }),
    staleTime: 10 * 60_000,
  });
}

/** The extension fields of a type of record, in order. */
export function extensionsOfQuery(ws: string, type: string) {
  return queryOptions({
    queryKey: ['customisation', ws, 'extensions', type],
    queryFn: ({ signal }) => api.get<Extension[]>(`${path}extension-fields/`, { workspace: ws, query: { entity: type, page_size: 'all' }, signal }),
  });
}

/** What was changed about the fields of a type of record. */
export function controlsQuery(ws: string, type: string) {
  return queryOptions({
    queryKey: ['customisation', ws, 'controls', type],
    queryFn: ({ signal }) => api.get<Control[]>(`${path}field-controls/`, { workspace: ws, query: { entity: type, page_size: 'all' }, signal }),
  });
}

/** What was done to a declaration. */
export function historyQuery(ws: string, kind: 'extension-fields' | 'field-controls', id: number) {
  return queryOptions({
    queryKey: ['customisation', ws, 'history', kind, id],
    queryFn: ({ signal }) => api.get<HistoryEvent[]>(`${path}${kind}/${id}/history/`, { workspace: ws, signal }),
  });
}

/** Declares an extension field, or changes one. */
export function saveExtension(ws: string, id: number | undefined, input: Partial<ExtensionInput>, idempotencyKey: string): Promise<Extension> {
  if (id === undefined) return api.post<Extension>(`${path}extension-fields/`, input, { workspace: ws, idempotencyKey });
  return api.patch<Extension>(`${path}extension-fields/${id}/`, input, { workspace: ws });
}

/** Takes an extension field away that holds no value. */
export function deleteExtension(ws: string, id: number): Promise<void> {
  return api.delete(`${path}extension-fields/${id}/`, { workspace: ws });
}

/** Changes what is said about a field; nothing said leaves it as it came with the program. */
export async function saveControl(ws: string, id: number | undefined, input: ControlInput, idempotencyKey: string): Promise<void> {
  const says = input.hidden || input.required || [input.labels, ...Object.values(input.choices)].some((texts) => Object.values(texts).some((text) => text !== ''));
  if (id === undefined) {
    if (says) await api.post<Control>(`${path}field-controls/`, input, { workspace: ws, idempotencyKey });
  } else if (says) await api.patch<Control>(`${path}field-controls/${id}/`, { hidden: input.hidden, required: input.required, labels: input.labels, choices: input.choices }, { workspace: ws });
  else await api.delete(`${path}field-controls/${id}/`, { workspace: ws });
}

/** After fields changed, all else was read under other fields. */
export async function fieldsChanged(client: QueryClient, ws: string): Promise<void> {
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'customisation' && queryKey[1] === ws && queryKey[2] !== 'types' });
  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'customisation' });
}
