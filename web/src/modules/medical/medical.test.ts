import { expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import { entriesParams, entriesShape, linesParams, linesShape, pricelistsParams, pricelistsShape } from './lists';
import { everybody, switched } from './patients';

test('patients are a sum whose parts are switched', () => {
  expect(switched(everybody, 2)).toBe(13);
  expect(switched(13, 2)).toBe(everybody);
});

test('an address of the catalogue is read as its kind allows', () => {
  const raw = { type: 'D,P', category: 'S', sort: '-price' };
  expect(entriesParams(readList(raw, entriesShape.items))).toMatchObject({ type__in: ['D'], category__in: undefined, ordering: '-price' });
  expect(entriesParams(readList(raw, entriesShape.services))).toMatchObject({ type__in: ['P'], category__in: ['S'] });
});

test('lists of a place and of all places, and lines with a price of their own, are asked for as the server knows them', () => {
  const uuid = '01a202a3-2fab-740f-a3d1-f5fe7f4b9571';
  expect(pricelistsParams(readList({ place: `1.${uuid}` }, pricelistsShape))).toMatchObject({ location__uuid: uuid, location__isnull: undefined });
  expect(pricelistsParams(readList({ national: 'yes' }, pricelistsShape))).toMatchObject({ location__isnull: true });
  expect(linesParams(readList({ own: 'yes' }, linesShape))).toMatchObject({ price_overrule__isnull: false });
});
