// @vitest-environment node
import { expect, test } from 'vitest';
import { readList, writeList } from '../../kit/listState';
import { factsOf, grouped, listRules, matching, rolesOf, rulesShape, tally } from './rulesList';
import type { RuleWords } from './sentence';
import { assign, someRow } from './testing';

const words: RuleWords = { condition: (name) => (name === 'tpm.visit.status=draft' ? 'Visit: Draft' : name), sentence: (rule) => `${rule.part_label} of ${rule.entity_label}` };

const rows = [
  someRow(),
  assign,
  someRow({ entity: 'tpm.task', entity_label: 'Visit task', part: 'partner', part_label: 'Partenaire exécuté', when: ['role:UNICEF User', 'staff'], kind: 'view' }),
  someRow({ effect: 'refuse', when: ['role:PME', 'staff'], declared: false, override: 7, note: 'While the audit lasts' }),
  someRow({ when: [], in_force: false, override: 8 }),
];
const rules = listRules(rows, words);
const found = (raw: Record<string, string>) => matching(rules, readList(raw, rulesShape)).map(({ row }) => rows.indexOf(row));

test('without filters all rules are there, in their order', () => {
  expect(found({})).toEqual([0, 1, 2, 3, 4]);
});

test('each filter narrows by what it is called after', () => {
  expect(found({ type: 'tpm.task' })).toEqual([2]);
  expect(found({ role: 'PME' })).toEqual([0, 1, 3]);
  expect(found({ condition: 'staff' })).toEqual([2, 3]);
  expect(found({ kind: 'act' })).toEqual([1]);
  expect(found({ effect: 'refuse' })).toEqual([3]);
  expect(found({ changed: 'yes' })).toEqual([3, 4]);
});

test('values of one filter widen, several filters narrow', () => {
  expect(found({ role: 'PME,UNICEF User' })).toEqual([0, 1, 2, 3]);
  expect(found({ role: 'PME', condition: 'staff' })).toEqual([3]);
  expect(found({ role: 'PME', condition: 'staff', effect: 'allow' })).toEqual([]);
});

test('words are found wherever a rule says them, without case and accents', () => {
  expect(found({ q: 'ASSIGN' })).toEqual([1]);
  expect(found({ q: 'partenaire execute' })).toEqual([2]);
  expect(found({ q: 'draft visit' })).toEqual([0, 1]);
  expect(found({ q: 'audit' })).toEqual([3]);
  expect(found({ q: 'tpm.visit.assign' })).toEqual([1]);
  expect(found({ q: 'assign moon' })).toEqual([]);
});

test('an address keeps only what means something', () => {
  const raw = { kind: 'act,eat', effect: 'perhaps', changed: 'no', role: 'Third Party Monitor', sort: 'kind', q: 'x' };
  expect(writeList(readList(raw, rulesShape), rulesShape)).toEqual({ q: 'x', kind: 'act', role: 'Third Party Monitor' });
});

test('rules stand by record type, in the order of their names', () => {
  expect(grouped(rules, 'en').map(({ label, rules: some }) => [label, some.length])).toEqual([
    ['Visit', 4],
    ['Visit task', 1],
  ]);
});

test('every rule has a key of its own that outlives being switched off', () => {
  const twice = listRules([assign, { ...assign, override: 3, in_force: false }], words);
  expect(new Set(twice.map(({ key }) => key)).size).toBe(2);
  expect(listRules([{ ...assign, override: 3, in_force: false, note: 'x' }], words)[0]?.key).toBe(listRules([assign], words)[0]?.key);
});

test('roles and other conditions are told apart and counted', () => {
  expect(rolesOf(rows[2] ?? assign)).toEqual(['UNICEF User']);
  expect(factsOf(rows[2] ?? assign)).toEqual(['staff']);
  expect([...tally(rows, rolesOf)]).toEqual([
    ['PME', 3],
    ['UNICEF User', 1],
  ]);
});
