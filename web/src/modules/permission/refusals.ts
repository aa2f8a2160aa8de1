import { ApiError } from '../../api/ApiError';

/** What the server refused, by the form's fields; `others` belongs to none of them. */
export interface Refusals<Field extends string> {
  fields: Partial<Record<Field, string>>;
  others: string[];
}

/** Sorts what the server said of fields; without any, both are empty and the error itself has to be told. */
export function refusalsOf<Field extends string>(error: unknown, known: readonly Field[]): Refusals<Field> {
  const fields: Partial<Record<Field, string>> = {};
  const others: string[] = [];
  for (const [path, messages] of error instanceof ApiError ? Object.entries(error.fields) : []) {
    const field = known.find((name) => name === path);
    if (field === undefined) others.push(...messages);
    else fields[field] = messages.join(' ');
  }
  return { fields, others };
}

/** The error with what the server said of fields as its words, for a dialog that has no such fields. */
export function toldAsOne(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const messages = Object.values(error.fields).flat();
  if (messages.length === 0) return error;
  return new ApiError({ status: error.status, code: error.code, message: messages.join(' '), requestId: error.requestId, cause: error });
}

/** Tells whether the server said no, rather than nothing at all: then what is sent next is another request. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof ApiError && error.status !== 0;
}
