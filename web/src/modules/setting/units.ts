/** A number with its unit, as people write it into two boxes. */
export interface Amount {
  /** As typed; it may be no number yet. */
  number: string;
  unit: string;
}

/** The units of a span of time, smallest first, with their seconds. */
export const spans = [
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
] as const;

/** The units of a size that are offered; others stay as they came. */
export const sizes = ['KB', 'MB', 'GB'] as const;

const seconds: Record<string, number> = { ms: 0.001, ...Object.fromEntries(spans) };

/** `1h30m` as 90 minutes, `336h` as 14 days: in the largest unit that leaves a whole number. */
export function spanOf(text: string): Amount {
  let total = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)) total += Number(number) * (seconds[unit] ?? 0);
  const [unit, length] = spans.findLast(([, size]) => total >= size && total % size === 0) ?? spans[0];
  return { number: String(total / length), unit };
}

/** The server's way to write a span; undefined for what is none. */
export function spanText({ number, unit }: Amount): string | undefined {
  const n = wholeNumber(number);
  if (n === undefined) return undefined;
  return unit === 'd' ? `${n * 24}h` : `${n}${unit}`;
}

/** `50MB` as 50 and MB. */
export function sizeOf(text: string): Amount {
  const [, number = '', unit = 'B'] = /^(\d+)\s*([A-Za-z]*)$/.exec(text) ?? [];
  return { number, unit: unit === '' ? 'B' : unit };
}

/** The server's way to write a size; undefined for what is none. */
export function sizeText({ number, unit }: Amount): string | undefined {
  const n = wholeNumber(number);
  return n === undefined ? undefined : `${n}${unit}`;
}

/** What was typed as a whole number. */
export function wholeNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^-?\d{1,15}$/.test(trimmed)) return undefined;
  return Number(trimmed);
}
