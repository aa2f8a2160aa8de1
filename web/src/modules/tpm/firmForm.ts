import { useMemo } from 'react';
import { ApiError } from '../../api/ApiError';

/** Tells whether a text looks like an e-mail address: somebody, at, somewhere with a dot. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text);
}

/** The digits in a text, whatever was typed or pasted around them; Arabic and Persian digits count as those they stand for. */
export function digitsOf(text: string): string {
  return text
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.charCodeAt(0) & 0xf) % 10))
    .replaceAll(/\D/g, '');
}

/** What the server refused in a form. */
export interface Refusals<Field extends string> {
  error: unknown;
  /** Its words for each field. */
  fields: Partial<Record<Field, string>>;
  /** Its words for the fields that administrators added, by `extensions.key`. */
  extensions: Readonly<Record<string, readonly string[]>>;
  /** Its words for what belongs to none of the form's fields. */
  others: string[];
  /** There is trouble that is about no field at all. */
  general: boolean;
}

/** Sorts what the server refused by the form's fields. */
export function refusalsOf<Field extends string>(error: unknown, known: readonly Field[]): Refusals<Field> {
  const fields: Partial<Record<Field, string>> = {};
  const extensions: Record<string, readonly string[]> = {};
  const others: string[] = [];
  if (error === null || error === undefined) return { error, fields, extensions, others, general: false };
  const told = error instanceof ApiError ? Object.entries(error.fields) : [];
  for (const [path, messages] of told) {
    const [message = ''] = messages;
    const field = known.find((name) => path === name || path.startsWith(`${name}.`));
    if (field) fields[field] = message;
    else if (path.startsWith('extensions.')) extensions[path] = messages;
    else others.push(message);
  }
  return { error, fields, extensions, others, general: told.length === 0 };
}

/** `refusalsOf`, the same object for the same error; keep `known` at module level. */
export function useRefusals<Field extends string>(error: unknown, known: readonly Field[]): Refusals<Field> {
  return useMemo(() => refusalsOf(error, known), [error, known]);
}
