/** One event in the life of a record, or of what belongs to it. */
export interface HistoryEvent {
  id: number;
  at: string;
  actor: { id: number; name: string } | null;
  verb: string;
  entity?: string;
  /** What it was done to is called, where that is something that belongs to the record. */
  display?: string;
  changes: readonly { field: string; label: string; kind: string; before: unknown; after: unknown }[];
}

/** An event with what was given to the record, and what was taken from it, in the same go. */
export interface FoldedEvent extends HistoryEvent {
  given: readonly string[];
  taken: readonly string[];
}

/**
 * Tells small parts of a record, such as the rights of a role, with the change that they came or went with instead of each by itself. `events` stand in the order of what
 * happened, forwards or backwards; `entity` says of what kind the parts are, and without it every event stays by itself.
 */
export function foldParts(events: readonly HistoryEvent[], entity: string | undefined): FoldedEvent[] {
  const folded: FoldedEvent[] = [];
  for (let start = 0, end = 0; start < events.length; start = end) {
    const first = events[start] as HistoryEvent; // within the list
    while (end < events.length && events[end]?.at === first.at && events[end]?.actor?.id === first.actor?.id) end++;
    const together = events.slice(start, end);
    const parts = together.filter((event) => entity !== undefined && event.entity === entity).sort((a, b) => a.id - b.id);
    const names = (verb: string) => parts.flatMap((part) => (part.verb === verb && part.display !== undefined ? [part.display] : []));
    const others = together.filter((event) => !parts.includes(event));
    const [own = { id: first.id, at: first.at, actor: first.actor, verb: 'updated', changes: [] }, ...more] = others;
    folded.push({ ...own, given: names('created'), taken: names('deleted') }, ...more.map((event) => ({ ...event, given: [], taken: [] })));
  }
  return folded;
}
