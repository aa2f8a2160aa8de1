import { ApiError } from '../../api/ApiError';

/** What the server refused: by field, and what belongs to none that is shown. Positions in lists are left out. */
export function refusalsOf(error: unknown, shown: readonly string[]): { fields: Readonly<Record<string, string>>; others: readonly string[] } {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  if (error instanceof ApiError) {
    for (const [path, messages] of Object.entries(error.fields)) {
      const [name = ''] = path.split('.');
      if (shown.includes(name)) fields[name] = messages.join(' ');
      else others.push(...messages);
    }
  }
  return { fields, others };
}

/** Whether the server said no, rather than nothing at all: then what is sent next is another request. */
export function wasAnswered(error: unknown): boolean {
  return error instanceof ApiError && error.status !== 0;
}
