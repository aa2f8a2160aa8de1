// @vitest-environment node
import { expect, test } from 'vitest';
import { readList } from '../../kit/listState';
import { firmsParams, firmsShape, firmVisitsParams, firmVisitsShape, peopleParams, peopleShape } from './firmsList';

test('firms are asked for by number, hidden ones only when wanted', () => {
  expect(firmsParams(readList({}, firmsShape))).toEqual({
    page: 1, page_size: 25, ordering: 'vendor_number', search: '', blocked: undefined, deleted_flag: undefined, hidden: false,
  });
  expect(firmsParams(readList({ hidden: 'yes' }, firmsShape)).hidden).toBe(true);
});

test('filters and order of firms are said in the server’s words', () => {
  const params = firmsParams(readList({ q: ' cedar ', blocked: 'no', marked: 'yes', sort: '-phone', page: '2', size: '50' }, firmsShape));
  expect(params).toEqual({ page: 2, page_size: 50, ordering: '-phone_number', search: 'cedar', blocked: false, deleted_flag: true, hidden: false });
});

test('answers that mean nothing are passed over', () => {
  expect(firmsParams(readList({ blocked: 'perhaps', hidden: 'no', sort: 'city' }, firmsShape))).toEqual(firmsParams(readList({}, firmsShape)));
});

test('people who act for a firm come first, the others when wanted', () => {
  const active = (raw: Record<string, string>) => peopleParams(readList(raw, peopleShape)).has_active_realm;
  expect(active({})).toBe(true);
  expect(active({ show: 'inactive' })).toBe(false);
  expect(active({ show: 'all' })).toBeUndefined();
  expect(active({ show: 'some' })).toBe(true);
  expect(peopleParams(readList({ sort: '-email' }, peopleShape)).ordering).toBe('-user__email');
});

test('the visits of a firm are the list with one filter', () => {
  const params = firmVisitsParams(readList({ status: 'draft', page: '3' }, firmVisitsShape), 7);
  expect(params).toMatchObject({ tpm_partner__in: ['7'], page: 3, page_size: 10 });
  expect(params).not.toHaveProperty('status__in');
});
