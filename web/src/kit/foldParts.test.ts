// @vitest-environment node
import { expect, test } from 'vitest';
import { foldParts, type HistoryEvent } from './foldParts';

const event = (id: number, at: string, entity: string, verb: string, display?: string, actor = 1): HistoryEvent => ({
  id,
  at,
  entity,
  verb,
  actor: { id: actor, name: 'Ada' },
  changes: [],
  ...(display !== undefined && { display }),
});

test('what was given and taken in one go is told with the change of the record', () => {
  const events = [
    event(7, '3', 'role', 'updated'),
    event(6, '2', 'right', 'created', '12', 2),
    event(5, '2', 'right', 'deleted', '11'),
    event(4, '2', 'right', 'created', '13'),
    event(3, '1', 'right', 'created', '11'),
    event(2, '1', 'right', 'created', '10'),
    event(1, '1', 'role', 'created'),
  ];
  expect(foldParts(events, 'right').map(({ id, verb, given, taken }) => [id, verb, given, taken])).toEqual([
    [7, 'updated', [], []],
    [6, 'updated', ['12'], []],
    [5, 'updated', ['13'], ['11']],
    [1, 'created', ['10', '11'], []],
  ]);
  expect(foldParts(events.reverse(), undefined).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
