import { expect, test } from 'vitest';
import { changedExtensions, extensionsIn, fieldsIn, nameOf } from './extensions';

test('extension fields come in the order of the administrator', () => {
  const fields = extensionsIn({
    extensions: { type: 'nested object', children: { b: { type: 'string', label: 'B', order: 2, help_text: 'Why' }, a: { type: 'choice', label: 'A', order: 1, required: true, choices: [{ value: 'x', display_name: 'X', retired: true }] } } },
  });
  expect(fields).toEqual([
    { key: 'a', type: 'choice', label: 'A', required: true, choices: [{ value: 'x', label: 'X', retired: true }] },
    { key: 'b', type: 'string', label: 'B', required: false, help: 'Why' },
  ]);
  expect(extensionsIn(undefined)).toEqual([]);
});

test('fields keep the words of the screen until an administrator calls them something else', () => {
  const fields = fieldsIn(
    { purpose: { type: 'string', label: 'Purpose', renamed: true }, date: { type: 'date', label: 'Date' }, tasks: { type: 'field', child: { children: { extensions: { type: 'nested object', children: { rain: { type: 'boolean', label: 'Rain' } } } } } } },
    { date: { type: 'date', label: 'Date', required: true }, tasks: { type: 'field', child: { children: { section: { type: 'field', label: 'Team', renamed: true, required: true } } } } },
  );
  expect(nameOf(fields, 'purpose', 'Information')).toBe('Purpose');
  expect(nameOf(fields, 'date', 'Day')).toBe('Day');
  expect(nameOf(undefined, 'date', 'Day')).toBe('Day');
  expect(fields.own).toEqual({ purpose: { label: 'Purpose', required: false }, date: { required: true }, tasks: { required: false } });
  expect(fields.items.tasks?.own.section).toEqual({ label: 'Team', required: true });
  expect(fields.items.tasks?.shown.map((field) => field.key)).toEqual(['rain']);
});

test('values of choices are called what the server calls them, also for whoever may not write', () => {
  const marital = { type: 'choice', label: 'Marital status', choices: [{ value: 'M', display_name: 'Married' }] };
  expect(fieldsIn({ marital }, undefined).own.marital).toEqual({ required: false, choices: { M: 'Married' } });
});

test('only what differs is sent, and a blank clears', () => {
  expect(changedExtensions({ a: 'x', b: null, c: '1.50' }, { a: 'x', b: '', c: '2' })).toEqual({ c: '2' });
  expect(changedExtensions({ a: 'x' }, { a: '' })).toEqual({ a: null });
  expect(changedExtensions({}, { done: false })).toEqual({ done: false });
});
