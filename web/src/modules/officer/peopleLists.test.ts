import { expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import { kindAt, paths } from './paths';
import { peopleParams, shapes } from './peopleLists';

const uuid = '01a202a3-2fab-740f-a3d1-f5fe7f4b9571';

test('officers are looked for in a district, or in the districts of a region; claim administrators at a facility', () => {
  const officers = (raw: Record<string, string>) => peopleParams(readList(raw, shapes.officers));
  expect(officers({ place: `0.${uuid}` })).toMatchObject({ location__parent__uuid: uuid, location__uuid: undefined });
  expect(officers({ place: `1.${uuid}`, login: 'yes' })).toMatchObject({ location__parent__uuid: undefined, location__uuid: uuid, has_login: true });
  expect(officers({ place: 'Rapta', facility: '7', login: 'no' })).toMatchObject({ location__uuid: undefined, health_facility: undefined, has_login: undefined });
  expect(peopleParams(readList({ facility: '7', place: `1.${uuid}` }, shapes['claim-admins']))).toMatchObject({ health_facility: '7', location__uuid: undefined });
  expect(peopleParams(readList({ facility: 'x' }, shapes['claim-admins'])).health_facility).toBeUndefined();
});

test('the address of a screen says whom it shows', () => {
  expect(kindAt(paths.edit('IMI', 'officers', 3))).toBe('officers');
  expect(kindAt(paths.one('IMI', 'claim-admins', 3))).toBe('claim-admins');
});
