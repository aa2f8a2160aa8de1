import type { ListShape, ListState } from '../../kit/listState';
import { conditionOf, type RuleWords } from './sentence';
import type { Effect, Kind, RuleRow } from './wire';

/** Effects and kinds in the order people choose from. */
export const effects: readonly Effect[] = ['allow', 'refuse'];
export const kinds: readonly Kind[] = ['view', 'edit', 'act'];

/** How long the reason for a change may be. */
export const longestNote = 2000;

/** What the address of the list of rules may say. All rules are on the page, so nothing is sorted or paged. */
export const rulesShape: ListShape = {
  filters: ['type', 'role', 'condition', 'kind', 'effect', 'changed'],
  accepts: {
    kind: (value) => kinds.some((kind) => kind === value),
    effect: (value) => effects.some((effect) => effect === value),
    changed: (value) => value === 'yes',
  },
  ordering: '',
  orderings: [],
  pageSize: 25,
};

/** Tells whether an administrator changed something about a rule. */
export function isChanged(row: RuleRow): boolean {
  return row.override !== null || !row.declared;
}

/** A rule with its sentence, ready to be shown and searched. */
export interface ListedRule {
  /** Differs for every rule of a list, and stays when the rule is switched off. */
  key: string;
  row: RuleRow;
  sentence: string;
  /** All words it is found by, folded. */
  words: string;
}

/** Rules with their sentences, in the server's order. */
export function listRules(rows: readonly RuleRow[], words: RuleWords): ListedRule[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const name = [row.effect, row.kind, row.target, ...row.when].join(' ');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    const sentence = words.sentence(row);
    return { key: `${name} #${before}`, row, sentence, words: folded([sentence, row.entity_label, row.part_label, row.target, row.note, ...row.when, ...row.when.map(words.condition)].join(' ')) };
  });
}

/** The rules that a list's state leaves: values of one filter widen, filters and words narrow. */
export function matching(rules: readonly ListedRule[], { search, filters }: Pick<ListState, 'search' | 'filters'>): ListedRule[] {
  const wanted = folded(search).split(/\s+/).filter(Boolean);
  const any = (name: string, values: readonly string[]) => {
    const chosen = filters[name] ?? [];
    return chosen.length === 0 || chosen.some((value) => values.includes(value));
  };
  return rules.filter(
    ({ row, words }) =>
      any('type', [row.entity]) &&
      any('role', rolesOf(row)) &&
      any('condition', row.when) &&
      any('kind', [row.kind]) &&
      any('effect', [row.effect]) &&
      any('changed', isChanged(row) ? ['yes'] : []) &&
      wanted.every((word) => words.includes(word)),
  );
}

/** Rules about one record type. */
export interface RuleGroup {
  entity: string;
  label: string;
  rules: ListedRule[];
}

/** Rules by record type, in the order of their names. */
export function grouped(rules: readonly ListedRule[], language: string): RuleGroup[] {
  const groups = new Map<string, RuleGroup>();
  for (const rule of rules) {
    const { entity, entity_label: label } = rule.row;
    const group = groups.get(entity) ?? { entity, label, rules: [] };
    group.rules.push(rule);
    groups.set(entity, group);
  }
  return [...groups.values()].sort((a, b) => a.label.localeCompare(b.label, language));
}

/** Values with how many rules have each, in order of first appearance. */
export function tally(rows: readonly RuleRow[], valuesOf: (row: RuleRow) => readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The roles a rule asks for. */
export function rolesOf(row: Pick<RuleRow, 'when'>): string[] {
  return row.when.flatMap((name) => {
    const read = conditionOf(name);
    return read.about === 'role' ? [read.role] : [];
  });
}

/** The conditions a rule sets besides roles. */
export function factsOf(row: Pick<RuleRow, 'when'>): string[] {
  return row.when.filter((name) => conditionOf(name).about !== 'role');
}

/** Without case and accents, so that people find what they mean. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\p{Mn}\u2068\u2069]/gu, '')
    .toLowerCase();
}
