import { daysBetween, today } from '../i18n/format';

/** Tells whether a moment is known only by its day. */
export function isDay(since: string): boolean {
  return since.length === 10;
}

/**
 * The largest unit that fits an age, and how many of it have passed; what is known only by its day counts in days of the
 * reader's zone. Ages in the future count as zero.
 */
export function ageParts(since: string, now = Date.now()): { unit: 'minute' | 'hour' | 'day' | 'today'; count: number } {
  if (isDay(since)) {
    const days = Math.max(0, daysBetween(since, today(new Date(now))));
    return { unit: days === 0 ? 'today' : 'day', count: days };
  }
  const minutes = Math.max(0, (now - new Date(since).getTime()) / 60_000);
  if (minutes < 60) return { unit: 'minute', count: Math.floor(minutes) };
  if (minutes < 24 * 60) return { unit: 'hour', count: Math.floor(minutes / 60) };
  return { unit: 'day', count: Math.floor(minutes / (24 * 60)) };
}
