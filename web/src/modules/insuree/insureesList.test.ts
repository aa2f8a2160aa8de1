import { expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import { insureesParams, insureesShape } from './insureesList';

const place = '1.01a2021c-3d89-74b0-b779-652e9d0f6cd8';

test('the address becomes what the server is asked', () => {
  const state = readList({ q: ' 1002 ', gender: 'F', age: '5-17', place, status: 'IN', sort: '-born', page: 2 }, insureesShape);
  expect(insureesParams(state, '2026-11-22')).toMatchObject({
    search: '1002',
    gender__code: 'F',
    status: 'IN',
    dob__gt: '2008-11-22',
    dob__lte: '2021-11-22',
    parent_location: '01a2021c-3d89-74b0-b779-652e9d0f6cd8',
    parent_location_level: '1',
    ordering: '-dob',
    page: 2,
  });
});

test('bands of age meet without a gap, also on the 29th of February', () => {
  const ask = (age: string) => insureesParams(readList({ age }, insureesShape), '2028-02-29');
  expect(ask('0-4')).toMatchObject({ dob__gt: '2023-02-28', dob__lte: undefined });
  expect(ask('5-17').dob__lte).toBe('2023-02-28');
  expect(ask('60-')).toMatchObject({ dob__gt: undefined, dob__lte: '1968-02-29' });
});

test('what means nothing is passed over', () => {
  const state = readList({ gender: 'F;drop', age: '7-9', place: '1.x', status: 'XX', heads: 'no', sort: 'id' }, insureesShape);
  expect(state.filters).toEqual({});
  expect(insureesParams(state, '2026-11-22')).toMatchObject({ ordering: 'chf_id', parent_location: undefined, head: undefined });
});
