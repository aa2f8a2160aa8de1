import { expect, test } from 'vitest';
import { refusalOf, sameShelf } from './uploads';

test('what cannot be stored is refused before it is sent', () => {
  const there = new Set(['Report.pdf']);
  expect(refusalOf({ name: 'Report.pdf', size: 0 }, there)).toBe('empty');
  expect(refusalOf({ name: 'Report.pdf', size: 9 }, there)).toBe('duplicate');
  expect(refusalOf({ name: 'setup.EXE', size: 9 }, there)).toBe('program');
  expect(refusalOf({ name: 'Report 2.pdf', size: 9 }, there)).toBeUndefined();
  expect(refusalOf({ name: 'Report 2.pdf', size: 10 }, there, 9)).toBe('large');
  expect(refusalOf({ name: 'Report 2.pdf', size: 9 }, there, 9)).toBeUndefined();
  expect(refusalOf({ name: 'Report 2.pdf', size: 5e9 }, there, undefined)).toBeUndefined();
});

test('a task has a shelf of its own in each list', () => {
  expect(sameShelf({ list: 'activities/attachments', task: 1 }, { list: 'activities/attachments', task: 1 })).toBe(true);
  expect(sameShelf({ list: 'activities/attachments', task: 1 }, { list: 'activities/attachments', task: 2 })).toBe(false);
  expect(sameShelf({ list: 'activities/attachments', task: 1 }, { list: 'activities/report-attachments', task: 1 })).toBe(false);
});
