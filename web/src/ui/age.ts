/** The largest unit that fits an age, and how many of it have passed. Ages in the future count as zero. */
export function ageParts(since: string, now = Date.now()): { unit: 'minute' | 'hour' | 'day'; count: number } {
  const minutes = Math.max(0, (now - new Date(since).getTime()) / 60_000);
  if (minutes < 60) return { unit: 'minute', count: Math.floor(minutes) };
  if (minutes < 24 * 60) return { unit: 'hour', count: Math.floor(minutes / 60) };
  return { unit: 'day', count: Math.floor(minutes / (24 * 60)) };
}
