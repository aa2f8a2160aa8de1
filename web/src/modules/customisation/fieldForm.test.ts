import { expect, test } from 'vitest';
import { choicesOf, emptyField, keyOf, linesOf, spokenOf, tidied } from './fieldForm';
import type { Choice } from './wire';

test('a label suggests a key that the server takes', () => {
  expect(keyOf('Road condition')).toBe('road_condition');
  expect(keyOf('État de la route (2026)')).toBe('etat_de_la_route');
  expect(keyOf('حالة')).toBe('');
});

test('choices are lines, and what is known of a value stays with it', () => {
  const before: Choice[] = [{ value: 'good', labels: { en: 'Good', fr: 'Bonne' } }, { value: 'bad', labels: { en: 'Bad' } }];
  expect(linesOf(before)).toBe('good = Good\nbad = Bad');
  expect(choicesOf('good = Fine\nworse\n\nworse', before)).toEqual([
    { value: 'good', labels: { en: 'Fine', fr: 'Bonne' } },
    { value: 'worse', labels: { en: 'worse' } },
    { value: 'bad', labels: { en: 'Bad' }, retired: true },
  ]);
});

test('what does not go with the kind is not sent', () => {
  const field = { ...emptyField('tpm.visit', []), kind: 'date' as const, choices: [{ value: 'a', labels: { en: 'A' } }], pattern: 'x', min: ' 2026-01-01 ', labels: { en: ' Day ', fr: ' ' } };
  expect(tidied(field)).toMatchObject({ choices: [], pattern: '', min: '2026-01-01', labels: { en: 'Day' }, place: 1 });
});

test('values keep the names that they came with until they are called something else', () => {
  expect(spokenOf({ good: { en: ' Fine ', fr: '' }, bad: { en: ' ' } })).toEqual({ good: { en: 'Fine' } });
});
