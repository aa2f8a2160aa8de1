import { expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import { facilitiesParams, facilitiesShape } from './facilitiesList';

const uuid = '01a202a3-2fab-740f-a3d1-f5fe7f4b9571';
const params = (raw: Record<string, string>) => facilitiesParams(readList(raw, facilitiesShape));

test('a region is looked for above the districts of facilities, a district is where they are', () => {
  expect(params({ place: `0.${uuid}` })).toMatchObject({ location__parent__uuid: uuid, location__uuid: undefined });
  expect(params({ place: `1.${uuid}` })).toMatchObject({ location__parent__uuid: undefined, location__uuid: uuid });
  expect(params({ place: 'Rapta' })).toMatchObject({ location__parent__uuid: undefined, location__uuid: undefined });
});

test('letters that mean nothing are left out, the others are sent together', () => {
  expect(params({ level: 'H,X,C', status: 'ZZ' })).toMatchObject({ level__in: ['H', 'C'], status__in: undefined });
});
