import type { RuleRow, Vocabulary } from './wire';

/** A rule of the program for tests; name only what the test is about. */
export function someRow(change: Partial<RuleRow> = {}): RuleRow {
  const row = {
    effect: 'allow',
    kind: 'edit',
    entity: 'tpm.visit',
    entity_label: 'Visit',
    part: 'visit_information',
    part_label: 'Visit information',
    when: ['role:PME', 'tpm.visit.status=draft'],
    declared: true,
    in_force: true,
    override: null,
    note: '',
    trouble: '',
    ...change,
  } as const;
  return { ...row, target: `${row.entity}.${row.part}` };
}

/** The row that lets planners assign drafts. */
export const assign = someRow({ kind: 'act', part: 'assign', part_label: 'Assign' });

/** What the rules of tests are made of. */
export const vocabulary: Vocabulary = {
  targets: [
    {
      entity: 'tpm.visit',
      label: 'Visit',
      parts: [
        { name: '*', label: 'everything', kinds: ['view', 'edit'] },
        { name: 'visit_information', label: 'Visit information', kinds: ['view', 'edit'] },
        { name: 'assign', label: 'Assign', kinds: ['act'] },
      ],
    },
    { entity: 'tpm.task', label: 'Visit task', parts: [{ name: 'partner', label: 'Partner', kinds: ['view', 'edit'] }] },
  ],
  conditions: [
    { name: 'role:PME', label: 'PME' },
    { name: 'role:UNICEF User', label: 'UNICEF User' },
    { name: 'tpm.visit.status=draft', label: 'Visit: Draft' },
    { name: 'tpm.visit.new', label: 'Visit: being created' },
    { name: 'tpm.visit.focal', label: 'Focal point of the visit' },
    { name: 'staff', label: 'Staff of the agency' },
  ],
};
