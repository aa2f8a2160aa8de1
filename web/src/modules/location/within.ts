/** The id of the place that a new one is to lie in, as an address says it; undefined for none. */
export function withinIn(search: unknown): string | undefined {
  const within = typeof search === 'object' && search !== null && 'within' in search ? String(search.within) : '';
  return /^\d{1,15}$/.test(within) ? within : undefined;
}
