// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { daysBetween, formats } from './format';

const plain = (text: string) => text.replace(/[\u200e\u200f\u202f\u00a0\u2009]/g, ' ').replace(/\s+/g, ' ').trim();

describe('formats', () => {
  test('writes days without shifting them, day first', () => {
    expect(formats('en').date('2026-11-14')).toBe('14 Nov 2026');
    expect(formats('en').dayMonth('2026-11-14')).toBe('14 Nov');
    expect(plain(formats('fr').date('2026-11-14'))).toBe('14 nov. 2026');
    expect(formats('en').date(null)).toBe('–');
  });

  test('writes spans once where they share a month', () => {
    expect(plain(formats('en').range('2026-10-12', '2026-10-16'))).toMatch(/^12\s?–\s?16 Oct 2026$/);
    expect(formats('en').range('2026-10-12', null)).toBe('12 Oct 2026');
    expect(formats('en').range('2026-10-12', '2026-10-12')).toBe('12 Oct 2026');
  });

  test('names Arabic months as the country does, with Latin digits', () => {
    expect(plain(formats('ar', 'LBN').date('2026-11-14'))).toContain('تشرين الثاني');
    expect(plain(formats('ar', 'EGY').date('2026-11-14'))).toContain('نوفمبر');
    expect(formats('ar', 'LBN').date('2026-11-14')).toContain('14');
    expect(formats('ar').number(1234)).toContain('1');
  });

  test('says how long ago in the largest unit that fits', () => {
    const now = Date.parse('2026-11-20T12:00:00Z');
    expect(formats('en').relative('2026-11-14T12:00:00Z', now)).toBe('6 days ago');
    expect(formats('en').relative('2026-11-20T14:00:00Z', now)).toBe('in 2 hours');
    expect(formats('en').relative('2026-11-20T11:59:50Z', now)).toBe('now');
  });

  test('counts bytes as people do', () => {
    expect(formats('en').fileSize(2_400_000)).toBe('2.4 MB');
    expect(formats('en').fileSize(188_000)).toBe('188 kB');
  });
});

test('daysBetween ignores clock changes', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-11-20', '2026-11-14')).toBe(-6);
});
