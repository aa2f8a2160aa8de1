import { expect, test } from 'vitest';
import { changedExtensions, extensionsIn } from './extensions';

test('extension fields come in the order of the administrator', () => {
  const fields = extensionsIn({
    extensions: { children: { b: { type: 'string', label: 'B', order: 2, help_text: 'Why' }, a: { type: 'choice', label: 'A', order: 1, required: true, choices: [{ value: 'x', display_name: 'X', retired: true }] } } },
  });
  expect(fields).toEqual([
    { key: 'a', type: 'choice', label: 'A', required: true, choices: [{ value: 'x', label: 'X', retired: true }] },
    { key: 'b', type: 'string', label: 'B', required: false, help: 'Why' },
  ]);
  expect(extensionsIn(undefined)).toEqual([]);
});

test('only what differs is sent, and a blank clears', () => {
  expect(changedExtensions({ a: 'x', b: null, c: '1.50' }, { a: 'x', b: '', c: '2' })).toEqual({ c: '2' });
  expect(changedExtensions({ a: 'x' }, { a: '' })).toEqual({ a: null });
  expect(changedExtensions({}, { done: false })).toEqual({ done: false });
});
