import { expect, test } from 'vitest';
import { ApiError } from '../api/ApiError';
import { changesOf, type FieldInfo, missingIn, refusalsOf, troublesOf, valueOf } from './form';

const text: FieldInfo = { type: 'string', label: 'Insurance number', required: true };
const fields: Record<string, FieldInfo> = {
  chf_id: text,
  dob: { type: 'date', label: 'Date of birth', required: false },
  gender: { type: 'field', label: 'Gender', required: false },
  card_issued: { type: 'boolean', label: 'Card issued', required: false },
  families: { type: 'integer', label: 'Families', required: false },
};

test('values of a record become those of a form, and only changes are sent', () => {
  const before = { chf_id: valueOf('1', text), dob: valueOf('1990-02-03', { ...text, type: 'date' }), gender: valueOf({ id: 2, name: 'Female' }, { ...text, type: 'field' }), card_issued: valueOf(null, { ...text, type: 'boolean' }) };
  expect(before).toEqual({ chf_id: '1', dob: '1990-02-03', gender: 2, card_issued: false });
  expect(changesOf(before, { ...before, chf_id: ' 17 ', dob: '' }, fields)).toEqual({ chf_id: '17', dob: null });
  expect(changesOf(before, before, fields)).toEqual({});
});

test('numbers are typed as text, and nothing typed is no number', () => {
  const before = { families: valueOf(0, { ...text, type: 'integer' }) };
  expect(before).toEqual({ families: '0' });
  expect(changesOf(before, { families: '' }, fields)).toEqual({ families: null });
});

test('what is required and empty is missing, blanks too', () => {
  expect(missingIn({ chf_id: '  ', dob: '', gender: null }, fields)).toEqual(['chf_id']);
});

test('what the server says of a field that is not shown is not lost', () => {
  const error = new ApiError({ status: 400, code: 'x', message: 'no', fields: { chf_id: ['Taken.'], photo: ['A photo is needed.'] } });
  expect(refusalsOf(error, ['chf_id'])).toEqual({ fields: { chf_id: 'Taken.' }, others: ['A photo is needed.'] });
});

test('what the server says of a place in a list is told at that place where the form has it, else at the list', () => {
  const error = new ApiError({ status: 400, code: 'x', message: 'no', fields: { 'items.1.item': ['Twice.'], 'roles.0': ['Gone.'], 'roles.2': ['Gone.', 'Old.'], 'photo.0.day': ['Late.'] } });
  const refused = refusalsOf(error, ['items.1.item', 'roles']);
  expect(refused).toEqual({ fields: { 'items.1.item': 'Twice.', roles: 'Gone. Old.' }, others: ['Late.'] });
  expect(troublesOf(refused, (name) => ({ fieldId: `f-${name}`, label: name.toUpperCase() }))).toEqual([
    { fieldId: 'f-items.1.item', label: 'ITEMS.1.ITEM', message: 'Twice.' },
    { fieldId: 'f-roles', label: 'ROLES', message: 'Gone. Old.' },
    { message: 'Late.' },
  ]);
});
