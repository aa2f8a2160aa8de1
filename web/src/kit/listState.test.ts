// @vitest-environment node
import { expect, test } from 'vitest';
import { changeList, listQuery, type ListShape, misread, readList, writeList } from './listState';

const shape: ListShape = { filters: ['status__in', 'date__gt'], ordering: '-id', orderings: ['id', 'status'], pageSize: 25 };

test('an address and a state are the same thing', () => {
  const search = { q: 'Lodwar', status__in: 'draft,assigned', sort: 'status', page: '3', size: '50' };
  const state = readList(search, shape);
  expect(state).toEqual({ search: 'Lodwar', filters: { status__in: ['draft', 'assigned'] }, ordering: 'status', page: 3, pageSize: 50 });
  expect(writeList(state, shape)).toEqual(search);
});

test('nonsense in an address is left out', () => {
  expect(readList({ page: '-1', size: 'all', sort: 'password', status__in: ',,', evil: 'x' }, shape)).toEqual({
    search: '',
    filters: {},
    ordering: '-id',
    page: 1,
    pageSize: 25,
  });
});

test('a filter may say which values mean something', () => {
  const choosy = { ...shape, accepts: { status__in: (value: string) => value === 'draft' } };
  expect(readList({ status__in: 'draft,gone' }, choosy).filters).toEqual({ status__in: ['draft'] });
});

test('what is as it always is does not lengthen the address', () => {
  expect(writeList(readList({}, shape), shape)).toEqual({});
});

test('a change goes back to the first page, turning the page does not', () => {
  const state = readList({ page: '4' }, shape);
  expect(changeList(state, { search: 'x' }).page).toBe(1);
  expect(changeList(state, { page: 5 }).page).toBe(5);
});

test('the server is asked with the same names', () => {
  expect(listQuery(readList({ status__in: 'draft', page: '2' }, shape))).toEqual({ status__in: ['draft'], search: '', ordering: '-id', page: 2, page_size: 25 });
});

test('what was passed over can be told', () => {
  expect(misread({ page: '0', size: '25', sort: 'password', q: 'Lodwar', status__in: 'draft', evil: 'x' }, shape)).toEqual(['sort', 'page']);
});
