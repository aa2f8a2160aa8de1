// @vitest-environment node
import { expect, test } from 'vitest';
import { changed, changeOf, conditionChoices, emptyDraft, partsFor, ruleOf, targetsFor } from './ruleForm';
import { vocabulary } from './testing';

const draft = { ...emptyDraft, kind: 'act' as const, entity: 'tpm.visit', part: 'assign', when: ['role:PME', 'tpm.visit.status=draft'], note: ' For the audit ' };

test('only what can be used in this way is offered', () => {
  expect(targetsFor(vocabulary, 'act').map(({ entity }) => entity)).toEqual(['tpm.visit']);
  expect(partsFor(vocabulary, 'tpm.visit', 'act').map(({ name }) => name)).toEqual(['assign']);
  expect(partsFor(vocabulary, 'tpm.visit', 'edit').map(({ name }) => name)).toEqual(['*', 'visit_information']);
  expect(partsFor(vocabulary, null, 'edit')).toEqual([]);
  expect(targetsFor(undefined, 'act')).toEqual([]);
});

test('a change lets go of what does not fit it any more', () => {
  expect(changed(draft, { effect: 'refuse' }, vocabulary)).toMatchObject({ effect: 'refuse', entity: 'tpm.visit', part: 'assign' });
  expect(changed(draft, { kind: 'edit' }, vocabulary)).toMatchObject({ entity: 'tpm.visit', part: null, when: draft.when });
  expect(changed({ ...draft, kind: 'edit', entity: 'tpm.task', part: 'partner' }, { kind: 'act' }, vocabulary)).toMatchObject({ entity: null, part: null });
});

test('a draft is a rule as soon as it is about something', () => {
  expect(ruleOf({ ...draft, part: null }, vocabulary)).toBeUndefined();
  expect(ruleOf(draft, undefined)).toBeUndefined();
  const rule = ruleOf(draft, vocabulary);
  expect(rule).toMatchObject({ entity_label: 'Visit', part_label: 'Assign', when: draft.when });
  expect(rule && changeOf(rule, draft.note)).toEqual({
    change: 'add', effect: 'allow', kind: 'act', target: 'tpm.visit.assign', when: 'role:PME and tpm.visit.status=draft', note: 'For the audit',
  });
});

test('conditions are chosen by what they are about', () => {
  const groups = conditionChoices(vocabulary, (name) => `«${name}»`, { roles: 'Roles', states: 'States', others: 'Others' });
  expect(groups.map(({ group, items }) => [group, items.map(({ value }) => value)])).toEqual([
    ['Roles', ['role:PME', 'role:UNICEF User']],
    ['States', ['tpm.visit.status=draft', 'tpm.visit.new']],
    ['Others', ['tpm.visit.focal', 'staff']],
  ]);
  expect(groups[0]?.items[0]?.label).toBe('«role:PME»');
  expect(conditionChoices(undefined, (name) => name, { roles: '', states: '', others: '' })).toEqual([]);
});
