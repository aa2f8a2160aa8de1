// @vitest-environment node
import { expect, test } from 'vitest';
import { sizeOf, sizeText, spanOf, spanText, wholeNumber } from './units';

test('spans are shown in the largest unit that leaves a whole number', () => {
  expect(spanOf('336h')).toEqual({ number: '14', unit: 'd' });
  expect(spanOf('8h')).toEqual({ number: '8', unit: 'h' });
  expect(spanOf('1h30m')).toEqual({ number: '90', unit: 'm' });
  expect(spanOf('15m')).toEqual({ number: '15', unit: 'm' });
  expect(spanOf('1m30s')).toEqual({ number: '90', unit: 's' });
  expect(spanOf('0s')).toEqual({ number: '0', unit: 's' });
});

test('spans and sizes are written as the server reads them, and what is no number is not written at all', () => {
  expect(spanText({ number: ' 14 ', unit: 'd' })).toBe('336h');
  expect(spanText({ number: '90', unit: 'm' })).toBe('90m');
  expect(spanText({ number: '1.5', unit: 'h' })).toBeUndefined();
  expect(sizeOf('50MB')).toEqual({ number: '50', unit: 'MB' });
  expect(sizeOf('1KiB')).toEqual({ number: '1', unit: 'KiB' });
  expect(sizeText({ number: '2', unit: 'GB' })).toBe('2GB');
  expect(sizeText({ number: '', unit: 'GB' })).toBeUndefined();
  expect(wholeNumber('12')).toBe(12);
  for (const text of ['', 'x', '1e3', '99999999999999999999', '--1']) expect(wholeNumber(text)).toBeUndefined();
});
