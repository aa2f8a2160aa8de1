import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '../api/ApiError';
import { api } from '../api/client';
import type { FormTrouble } from '../ui/ErrorSummary';
import type { Described } from './extensions';

/** What the server says of a field that may be sent. */
export interface FieldInfo {
  type: string;
  label: string;
  required: boolean;
  max_length?: number;
  choices?: readonly { value: string; display_name: string }[];
  /** The fields within, such as those that administrators added. */
  children?: Readonly<Record<string, Described>>;
  /** The fields of each record in a list within. */
  child?: { children?: Readonly<Record<string, Described>> };
}

/** What can be sent of a record, by field. */
export type Input = Record<string, unknown>;

/** Which fields the reader may send of a new record of a list, or of one that exists, and what the server says of them. */
export function fieldsQuery(ws: string, path: string, id?: number) {
  return queryOptions({
    queryKey: ['fields', ws, path, id ?? 'new'],
    queryFn: async ({ signal }) => {
      const { actions } = await api.options<{ actions?: { POST?: Record<string, FieldInfo>; PUT?: Record<string, FieldInfo> } }>(id === undefined ? path : `${path}${id}/`, { workspace: ws, signal });
      return (id === undefined ? actions?.POST : actions?.PUT) ?? {};
    },
    staleTime: 60_000,
  });
}

/** What stands in a form, by field: text (numbers, too), a tick, or the id of a record; null for nothing chosen. */
export type Values = Readonly<Record<string, Value>>;

/** What stands in one field of a form. */
export type Value = string | boolean | number | null;

const empties = new Set(['date', 'integer', 'decimal']);

/** What the server refused: by field, and what belongs to none that is shown. */
export interface Refusals {
  fields: Readonly<Record<string, string>>;
  others: readonly string[];
}

/** What a field of a record has, in the form's manner. */
export function valueOf(value: unknown, info: FieldInfo): Value {
  if (info.type === 'boolean') return value === true;
  if (info.type === 'field') return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number' ? value.id : null;
  if (info.type === 'choice') return typeof value === 'string' && value !== '' ? value : null;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The fields that differ from those that the form began with, as the server takes them. */
export function changesOf(before: Values, now: Values, fields: Readonly<Record<string, FieldInfo>>): Input {
  const input: Input = {};
  for (const [name, value] of Object.entries(now)) {
    if (value === before[name]) continue;
    const text = typeof value === 'string' ? value.trim() : value;
    input[name] = empties.has(fields[name]?.type ?? '') && text === '' ? null : text;
  }
  return input;
}

/** The required fields that have nothing in them. */
export function missingIn(values: Values, fields: Readonly<Record<string, FieldInfo>>): string[] {
  return Object.keys(values).filter((name) => fields[name]?.required && (values[name] === null || (typeof values[name] === 'string' && values[name].trim() === '')));
}

/** Sorts what the server said by the fields that the form shows; of a list that is one field, by that. */
export function refusalsOf(error: unknown, shown: readonly string[]): Refusals {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const [path, messages] of error instanceof ApiError ? Object.entries(error.fields) : []) {
    const name = [path, path.split('.')[0] ?? ''].find((one) => shown.includes(one));
    if (name === undefined) others.push(...messages);
    else fields[name] = [...new Set([...(fields[name] === undefined ? [] : [fields[name]]), ...messages])].join(' ');
  }
  return { fields, others };
}

/** What was refused, for the summary above a form: `place` tells what a field is called and the id of its input. */
export function troublesOf({ fields, others }: Refusals, place: (name: string) => { fieldId: string; label: string }): FormTrouble[] {
  return [...Object.entries(fields).map(([name, message]) => ({ ...place(name), message })), ...others.map((message) => ({ message }))];
}

/** Whether the server said no, rather than nothing at all: then what is sent next is another request. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof ApiError && error.status !== 0;
}

/** Whether somebody else was faster. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}
