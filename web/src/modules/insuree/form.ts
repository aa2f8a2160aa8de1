import { ApiError } from '../../api/ApiError';
import type { FieldInfo, Input } from './wire';

/** What stands in a form, by field: text, a tick, or the id of a record; null for nothing chosen. */
export type Values = Readonly<Record<string, string | boolean | number | null>>;

/** What the server refused: by field, and what belongs to none that is shown. */
export interface Refusals {
  fields: Readonly<Record<string, string>>;
  others: readonly string[];
}

/** What a field of a record has, in the form's manner. */
export function valueOf(value: unknown, info: FieldInfo): string | boolean | number | null {
  if (info.type === 'boolean') return value === true;
  if (info.type === 'field') return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number' ? value.id : null;
  if (info.type === 'choice') return typeof value === 'string' && value !== '' ? value : null;
  return typeof value === 'string' ? value : '';
}

/** The fields that differ from those that the form began with, as the server takes them. */
export function changesOf(before: Values, now: Values, fields: Readonly<Record<string, FieldInfo>>): Input {
  const input: Input = {};
  for (const [name, value] of Object.entries(now)) {
    if (value === before[name]) continue;
    const text = typeof value === 'string' ? value.trim() : value;
    input[name] = fields[name]?.type === 'date' && text === '' ? null : text;
  }
  return input;
}

/** The required fields that have nothing in them. */
export function missingIn(values: Values, fields: Readonly<Record<string, FieldInfo>>): string[] {
  return Object.keys(values).filter((name) => fields[name]?.required && (values[name] === null || (typeof values[name] === 'string' && values[name].trim() === '')));
}

/** Sorts what the server said by the fields that the form shows. */
export function refusalsOf(error: unknown, shown: readonly string[]): Refusals {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  if (error instanceof ApiError) {
    for (const [path, messages] of Object.entries(error.fields)) {
      if (shown.includes(path)) fields[path] = messages.join(' ');
      else others.push(...messages);
    }
  }
  return { fields, others };
}

/** Whether the server said no, rather than nothing at all: then what is sent next is another request. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof ApiError && error.status !== 0;
}

/** Whether somebody else was faster. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}
