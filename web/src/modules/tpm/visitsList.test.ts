// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import type { SignedIn } from '../../kit/session';
import { deskOf } from './desk';
import { idOf, paths, slugOf } from './paths';
import { stateOrder, stateOf, statusOf } from './status';
import { sliceParams, sliceSearch, visitsParams, visitsShape } from './visitsList';

describe('the address of the list', () => {
  test('short names there, the wire’s names to the server', () => {
    const state = readList({ status: 'draft,sent_back', firm: '3,4', from: '2026-01-01', to: '2026-02-01', focal: '7', q: 'Lodwar', sort: '-firm', page: '2' }, visitsShape);
    expect(visitsParams(state)).toEqual({
      page: 2,
      page_size: 25,
      ordering: '-tpm_partner__name',
      search: 'Lodwar',
      status__in: ['draft', 'tpm_report_rejected'],
      tpm_partner__in: ['3', '4'],
      tpm_activities__date__gte: '2026-01-01'.split(' '),
      tpm_activities__date__lte: ['2026-02-01'],
      tpm_activities__unicef_focal_points: ['7'],
    });
  });

  test('nonsense is passed over, and a single letter is not searched for', () => {
    const state = readList({ status: 'gone', firm: 'x', from: '2026-99-99', sort: 'password', q: 'L' }, visitsShape);
    expect(visitsParams(state)).toEqual({ page: 1, page_size: 25, ordering: '-reference_number' });
  });

  test('a slice reads back as itself', () => {
    const slice = { status: ['assigned', 'accepted'] as const, monitor: 6 };
    expect(visitsParams({ ...readList(sliceSearch(slice), visitsShape), ordering: 'since', pageSize: 8 })).toEqual(sliceParams(slice, 8));
  });
});

test('states and statuses are one to one', () => {
  expect(stateOrder.map((state) => stateOf(statusOf(state)))).toEqual(stateOrder);
});

describe('whose desk', () => {
  const person = (roles: string[], menu: string[]) => ({ roles, menu, user: { id: 6 } }) as unknown as SignedIn; // what the desk looks at

  test('a planner has drafts, refusals and reports', () => {
    expect(deskOf(person(['PME', 'UNICEF User'], ['tpm.visits', 'tpm.visits.new'])).waiting).toEqual({ status: ['draft', 'rejected', 'reported'] });
  });

  test('a monitor has what is assigned by name', () => {
    expect(deskOf(person(['Third Party Monitor'], ['tpm.visits'])).waiting).toEqual({ status: ['assigned', 'accepted', 'sent_back'], monitor: 6 });
  });

  test('others of the agency have the reports on their tasks', () => {
    expect(deskOf(person(['UNICEF User'], ['tpm.visits'])).waiting).toEqual({ status: ['reported'], focal: 6 });
  });
});

describe('addresses of visits', () => {
  test.each([
    ['118', 118],
    ['ken-2026-118-tpm', 118],
    ['KEN-2026-118-TPM', 118],
    ['-2024-7-tpm', 7],
    ['ken-2026-118', undefined],
    ['../118', undefined],
    ['', undefined],
  ])('%s', (ref, id) => {
    expect(idOf(ref)).toBe(id);
  });

  test('are written from the reference number', () => {
    const visit = { reference_number: 'KEN/2026/118/TPM' };
    expect(slugOf(visit.reference_number)).toBe('ken-2026-118-tpm');
    expect([paths.visit('KEN', visit), paths.task('KEN', visit, 7), paths.newTask('KEN', '118', 7), paths.visits('KEN', { status: 'draft,rejected' })]).toEqual([
      '/KEN/visits/ken-2026-118-tpm',
      '/KEN/visits/ken-2026-118-tpm/tasks/7',
      '/KEN/visits/118/tasks/new?copy=7',
      '/KEN/visits?status=draft,rejected',
    ]);
  });
});
