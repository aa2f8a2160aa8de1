// @vitest-environment node
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { conditionOf, ruleWords, type RuleWords } from './sentence';
import { someRow, vocabulary } from './testing';
import ar from './texts/ar.json';
import en from './texts/en.json';

let words: RuleWords;
let arabic: RuleWords;

beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en: { permission: en }, ar: { permission: ar } }, interpolation: { escapeValue: false } });
  const list = (names: readonly string[]) => names.join(' + ');
  words = ruleWords(i18next.getFixedT('en', 'permission'), 'en', vocabulary, list);
  arabic = ruleWords(i18next.getFixedT('ar', 'permission'), 'ar', vocabulary, list);
});

test('a condition says what it is about', () => {
  expect(conditionOf('role:Third Party Monitor')).toEqual({ about: 'role', role: 'Third Party Monitor' });
  expect(conditionOf('tpm.visit.status=draft')).toEqual({ about: 'state', entity: 'tpm.visit', value: 'draft' });
  expect(conditionOf('tpm.visit.new')).toEqual({ about: 'new', entity: 'tpm.visit' });
  expect(conditionOf('staff')).toEqual({ about: 'fact' });
  expect(conditionOf('tpm.visit.focal')).toEqual({ about: 'fact' });
});

test('a rule is a sentence that says who, what and when', () => {
  expect(words.sentence(someRow())).toBe('PME may edit Visit information while the visit is Draft.');
  expect(words.sentence(someRow({ effect: 'refuse', kind: 'view' }))).toBe('PME may not see Visit information while the visit is Draft.');
  expect(words.sentence(someRow({ kind: 'act', part: 'assign', part_label: 'Assign' }))).toBe('PME may do “Assign” while the visit is Draft.');
});

test('away from its record type a rule names it', () => {
  expect(words.sentence(someRow({ when: ['role:PME'] }), { named: true })).toBe('PME may edit Visit information (Visit).');
  expect(words.sentence(someRow({ part: '*', part_label: 'everything', when: [] }), { named: true })).toBe('Anyone may edit everything (Visit).');
});

test('the state of another record is that record’s', () => {
  const row = someRow({ entity: 'tpm.task', entity_label: 'Visit task', part: 'partner', part_label: 'Partner' });
  expect(words.sentence(row)).toBe('PME may edit Partner while the visit is Draft.');
});

test('facts follow in the server’s words, several roles and facts together', () => {
  const when = ['role:PME', 'role:UNICEF User', 'staff', 'tpm.visit.focal', 'tpm.visit.new'];
  expect(words.sentence(someRow({ when }))).toBe(
    'PME + UNICEF User may edit Visit information while the visit is being created, provided: Staff of the agency + Focal point of the visit.',
  );
  expect(words.sentence(someRow({ when: ['staff'] }))).toBe('Anyone may edit Visit information, provided: Staff of the agency.');
});

test('removing is said as such, and abbreviations keep their letters', () => {
  const row = someRow({ entity: 'x.pd', entity_label: 'PD', part: '_delete', part_label: 'removing', when: ['x.pd.status=gone_away'] });
  expect(words.sentence(row)).toBe('Anyone may remove PD records while the PD is gone away.');
  expect(words.sentence({ ...row, kind: 'view' })).toContain('may see removing');
});

test('a condition without words is called by its name', () => {
  expect(words.condition('tpm.visit.focal')).toBe('Focal point of the visit');
  expect(words.condition('tpm.visit.moon')).toBe('tpm.visit.moon');
});

test('names inside an Arabic sentence stand for themselves', () => {
  const said = arabic.sentence(someRow({ when: ['role:PME', 'tpm.visit.status=draft', 'staff'] }));
  expect(said).toContain('\u2068PME\u2069');
  expect(said).toContain('، ');
  expect(said.split('\u2068')).toHaveLength(said.split('\u2069').length);
});
