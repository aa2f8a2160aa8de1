import { expect, test } from 'vitest';
import { changesIn, rowsOf, totalOf, withAdded, without } from './bundle';

const drug = { id: 7, uuid: 'd', code: '0007', name: 'Drug', type: 'D', price: '2.50' };
const gauze = { ...drug, id: 8, code: '0008', name: 'Gauze', price: '0.10' };
const visit = { ...drug, id: 7, code: 'V', name: 'Visit', price: '10.00' };
const drugs = { id: 1, item: drug, qty_provided: 2, price_asked: '2.25', status: true };
const visits = { id: 1, service: visit, qty_provided: 1, price_asked: null, status: true };
const stored = { items: [drugs], services: [visits] };

test('an item and a service with one id are two things, and what costs nothing of its own costs as in the catalogue', () => {
  const rows = rowsOf(stored, {});
  expect(rows.map(({ key, quantity, price }) => [key, quantity, price])).toEqual([['services.7', '1', ''], ['items.7', '2', '2.25']]);
  expect(totalOf(rows)).toBe('14.50');
  expect(changesIn(stored, {}, false)).toEqual({ input: {}, rows: {} });
});

test('only what changed is sent, and the server’s paths lead back to the rows', () => {
  let edits = withAdded(stored, {}, 'items', gauze);
  edits = { ...edits, 'items.8': { ...edits['items.8'], price: ' 0.30 ' }, 'services.7': { quantity: '' } };
  expect(changesIn(stored, edits, false)).toEqual({
    input: { services: [{ id: 1, qty_provided: null, price_asked: null }], items: [{ item: 8, qty_provided: '1', price_asked: '0.30' }] },
    rows: { 'services.0': 'services.7', 'items.0': 'items.8' },
  });
  expect(withAdded(stored, edits, 'items', gauze)).toBe(edits);
});

test('what was added and taken away again was never there; what was stored is deleted, and comes back as it was', () => {
  const added = withAdded(stored, {}, 'items', gauze);
  expect(without(stored, added, { key: 'items.8', kind: 'items' })).toEqual({});
  const gone = without(stored, { 'items.7': { quantity: '5' } }, { key: 'items.7', kind: 'items' });
  expect(changesIn(stored, gone, false).input).toEqual({ items: [{ id: 1, _delete: true }] });
  expect(rowsOf(stored, withAdded(stored, gone, 'items', drug)).map(({ key, quantity }) => [key, quantity])).toEqual([['services.7', '1'], ['items.7', '5']]);
});

test('a service that is no bundle any more loses what it held, not what was only typed', () => {
  expect(changesIn(stored, withAdded(stored, {}, 'items', gauze), true).input).toEqual({ services: [{ id: 1, _delete: true }], items: [{ id: 1, _delete: true }] });
});

test('totals are exact, leave out what is not in use, and are not made of what is no number', () => {
  const rows = rowsOf({ items: [{ ...drugs, qty_provided: 3, price_asked: '0.10' }], services: [{ ...visits, status: false }] }, {});
  expect(totalOf(rows)).toBe('0.30');
  expect(totalOf(rowsOf(stored, { 'items.7': { price: '1,5' } }))).toBeUndefined();
  expect(totalOf(rowsOf(stored, { 'items.7': { quantity: '' } }))).toBe('10.00');
});
