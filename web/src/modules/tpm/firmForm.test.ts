// @vitest-environment node
import { expect, test } from 'vitest';
import { ApiError } from '../../api/ApiError';
import { digitsOf, isEmail, refusalsOf } from './firmForm';

test('an address needs somebody, an at and a dot behind it', () => {
  for (const right of ['a@b.example', 'first.last+tag@mail.firm.org']) expect(isEmail(right), right).toBe(true);
  for (const wrong of ['', 'a', 'a@b', '@b.org', 'a b@c.org', 'a@b.', 'a@@b.org', 'a@b.org, c@d.org']) expect(isEmail(wrong), wrong).toBe(false);
});

test('digits are found however they were typed', () => {
  expect(digitsOf(' 25-0000 0301\n')).toBe('2500000301');
  expect(digitsOf('٢٥۰۰۹')).toBe('25009');
  expect(digitsOf('none')).toBe('');
});

test('what was refused lands on its field, the rest above the form', () => {
  const error = new ApiError({ status: 400, code: 'invalid', message: 'no', fields: { email: ['bad', 'worse'], 'phone_number.0': ['long'], organization: ['closed'] } });
  expect(refusalsOf(error, ['email', 'phone_number'])).toEqual({ error, fields: { email: 'bad', phone_number: 'long' }, extensions: {}, others: ['closed'], general: false });
});

test('trouble about no field is told in general, no trouble not at all', () => {
  const error = new ApiError({ status: 500, code: 'http_500', message: 'no' });
  expect(refusalsOf(error, ['email']).general).toBe(true);
  expect(refusalsOf(null, ['email'])).toEqual({ error: null, fields: {}, extensions: {}, others: [], general: false });
  const further = new ApiError({ status: 400, code: 'invalid', message: 'x', fields: { 'extensions.licensed_until': ['too early'] } });
  expect(refusalsOf(further, ['email'])).toMatchObject({ extensions: { 'extensions.licensed_until': ['too early'] }, others: [], general: false });
});
