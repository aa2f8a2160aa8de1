import { conditionOf, joined } from './sentence';
import type { ChangeInput, Effect, Kind, Rule, Vocabulary, VocabularyPart, VocabularyTarget } from './wire';

/** A rule being written. */
export interface RuleDraft {
  effect: Effect;
  kind: Kind;
  entity: string | null;
  part: string | null;
  when: string[];
  note: string;
}

/** Where the form begins. */
export const emptyDraft: RuleDraft = { effect: 'allow', kind: 'view', entity: null, part: null, when: [], note: '' };

/** Record types of which something can be used in this way. */
export function targetsFor(vocabulary: Vocabulary | undefined, kind: Kind): VocabularyTarget[] {
  return (vocabulary?.targets ?? []).filter((target) => target.parts.some((part) => part.kinds.includes(kind)));
}

/** The fields or actions of a record type that can be used in this way. */
export function partsFor(vocabulary: Vocabulary | undefined, entity: string | null, kind: Kind): VocabularyPart[] {
  return (vocabulary?.targets.find((target) => target.entity === entity)?.parts ?? []).filter((part) => part.kinds.includes(kind));
}

/** The draft after a change; what does not fit the new kind or record type is let go. */
export function changed(draft: RuleDraft, change: Partial<RuleDraft>, vocabulary: Vocabulary | undefined): RuleDraft {
  const next = { ...draft, ...change };
  const entity = targetsFor(vocabulary, next.kind).some((target) => target.entity === next.entity) ? next.entity : null;
  const part = partsFor(vocabulary, entity, next.kind).some((one) => one.name === next.part) ? next.part : null;
  return { ...next, entity, part };
}

/** The rule a draft says; undefined until it is about something. */
export function ruleOf(draft: RuleDraft, vocabulary: Vocabulary | undefined): Rule | undefined {
  const target = vocabulary?.targets.find(({ entity }) => entity === draft.entity);
  const part = target?.parts.find(({ name }) => name === draft.part);
  if (target === undefined || part === undefined) return undefined;
  return { effect: draft.effect, kind: draft.kind, entity: target.entity, entity_label: target.label, part: part.name, part_label: part.label, when: draft.when };
}

/** A draft's rule as the server takes it. */
export function changeOf(rule: Rule, note: string): ChangeInput {
  return { change: 'add', effect: rule.effect, kind: rule.kind, target: `${rule.entity}.${rule.part}`, when: joined(rule.when), note: note.trim() };
}

/** Conditions to choose from, by what they are about; groups without any are left out. */
export function conditionChoices(vocabulary: Vocabulary | undefined, wording: (name: string) => string, groups: { roles: string; states: string; others: string }) {
  const conditions = (vocabulary?.conditions ?? []).map(({ name }) => ({ value: name, label: wording(name), about: conditionOf(name).about }));
  const of = (wanted: (about: string) => boolean) => conditions.filter(({ about }) => wanted(about)).map(({ value, label }) => ({ value, label }));
  return [
    { group: groups.roles, items: of((about) => about === 'role') },
    { group: groups.states, items: of((about) => about === 'state' || about === 'new') },
    { group: groups.others, items: of((about) => about === 'fact') },
  ].filter(({ items }) => items.length > 0);
}
