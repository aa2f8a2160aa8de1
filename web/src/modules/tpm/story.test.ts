// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { aheadOf, authorOf, commentOf, editsOf, reachedStates, tell } from './story';
import { someEvent, someVisit } from './testing';

const created = someEvent({ verb: 'created', at: '2026-11-01T08:00:00Z' });
const assigned = someEvent({ verb: 'assigned', from: 'draft', to: 'assigned', at: '2026-11-02T08:00:00Z' });
const rejected = someEvent({
  verb: 'rejected',
  from: 'assigned',
  to: 'tpm_rejected',
  at: '2026-11-03T08:00:00Z',
  actor: { id: 6, name: 'Hassan Noor' },
  changes: [{ field: 'reject_comment', label: 'Reason', kind: 'long text', before: '', after: 'No seat on the flight' }],
});
const again = someEvent({ verb: 'assigned', from: 'tpm_rejected', to: 'assigned', at: '2026-11-05T08:00:00Z' });

describe('the states a visit reached', () => {
  test('each pass is a step of its own, with day, person and round', () => {
    const reached = reachedStates(someVisit({ status: 'assigned' }), [created, assigned, rejected, again]);
    expect(reached.map(({ state, person, round }) => [state, person, round])).toEqual([
      ['draft', 'Amina Otieno', undefined],
      ['assigned', 'Amina Otieno', 1],
      ['rejected', 'Hassan Noor', undefined],
      ['assigned', 'Amina Otieno', 2],
    ]);
  });

  test('changes of tasks are no steps', () => {
    const task = someEvent({ entity: 'tpm.task', verb: 'created' });
    expect(reachedStates(someVisit(), [created, task]).map(({ state }) => state)).toEqual(['draft']);
  });

  test('without a history that leads to the present state, the dates of the visit have to do', () => {
    const visit = someVisit({ status: 'tpm_accepted', date_created: '2026-11-01', date_of_tpm_accepted: '2026-11-09' });
    const expected = [
      { state: 'draft', at: '2026-11-01', person: undefined, round: undefined },
      { state: 'accepted', at: '2026-11-09', person: undefined, round: undefined },
    ];
    expect(reachedStates(visit, undefined)).toEqual(expected);
    expect(reachedStates(visit, [created, assigned])).toEqual(expected);
  });

  test('what lies ahead ends with approval, unless it is over', () => {
    expect(aheadOf(someVisit({ status: 'tpm_rejected' }))).toEqual(['assigned', 'accepted', 'reported', 'approved']);
    expect(aheadOf(someVisit({ status: 'cancelled' }))).toEqual([]);
  });
});

describe('telling the history', () => {
  test('newest first; tasks added in one go are one line; empty changes are none', () => {
    const at = '2026-11-01T09:00:00Z';
    const one = someEvent({ entity: 'tpm.task', verb: 'created', at, record: 1 });
    const two = someEvent({ entity: 'tpm.task', verb: 'created', at, record: 2 });
    const touch = someEvent({ at });
    const changed = someEvent({ entity: 'tpm.task', at, record: 1, changes: [{ field: 'date', label: 'Date', kind: 'date', before: '2026-12-01', after: '2026-12-02' }] });
    const told = tell([created, one, two, touch, changed]);
    expect(told.map(({ events }) => events.map(({ id }) => id))).toEqual([[changed.id], [one.id, two.id], [created.id]]);
  });

  test('tasks of different people or times stay apart', () => {
    const one = someEvent({ entity: 'tpm.task', verb: 'deleted', at: '2026-11-01T09:00:00Z' });
    const later = someEvent({ entity: 'tpm.task', verb: 'deleted', at: '2026-11-01T09:00:01Z' });
    const other = someEvent({ entity: 'tpm.task', verb: 'deleted', at: '2026-11-01T09:00:01Z', actor: { id: 9, name: 'Naomi Wekesa' } });
    expect(tell([one, later, other])).toHaveLength(3);
  });

  test('documents that one person brings to one place within an hour are one line', () => {
    const file = (id: number, minute: string, record: number) => someEvent({ id, entity: 'tpm.task', verb: 'file_added', at: `2026-11-01T${minute}:00Z`, record });
    const told = tell([file(1, '09:00', 1), file(2, '09:40', 1), file(3, '10:20', 1), file(4, '10:21', 2)]);
    expect(told.map(({ events }) => events.map(({ id }) => id))).toEqual([[4], [3], [1, 2]]);
  });

  test('words that went with a move are a comment, not an edit', () => {
    expect(commentOf(rejected)).toBe('No seat on the flight');
    expect(editsOf(rejected)).toEqual([]);
    expect(commentOf(created)).toBeUndefined();
  });

  test('the author is who created the visit', () => {
    expect(authorOf([created, assigned])).toBe('Amina Otieno');
    expect(authorOf([assigned])).toBeUndefined();
    expect(authorOf(undefined)).toBeUndefined();
  });
});
