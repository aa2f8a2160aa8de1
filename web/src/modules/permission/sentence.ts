import type { TFunction } from 'i18next';
import type { Rule, Vocabulary } from './wire';

/** What a condition is about, read from its name. */
export type Condition =
  | { about: 'role'; role: string }
  | { about: 'state'; entity: string; value: string }
  | { about: 'new'; entity: string }
  | { about: 'fact' };

/** Reads the name of a condition. Names of no known form are facts, for which the server has words. */
export function conditionOf(name: string): Condition {
  if (name.startsWith('role:')) return { about: 'role', role: name.slice('role:'.length) };
  const [, entity = '', value = ''] = /^(\w+\.\w+)\.\w+=(.+)$/.exec(name) ?? [];
  if (entity !== '') return { about: 'state', entity, value };
  const [, fresh = ''] = /^(\w+\.\w+)\.new$/.exec(name) ?? [];
  return fresh === '' ? { about: 'fact' } : { about: 'new', entity: fresh };
}

/** Conditions as the server takes them in one text. */
export function joined(when: readonly string[]): string {
  return when.join(' and ');
}

/** Puts rules and their conditions into words that people read. Make one with `ruleWords`. */
export interface RuleWords {
  /** A condition in few words; its name where the server has none for it. */
  condition: (name: string) => string;
  /** A whole rule as a sentence. `named` says which record type it is about, for places where nothing around says so. */
  sentence: (rule: Rule, options?: { named?: boolean }) => string;
}

/** Words in the language of `t`, from what the server calls things. `list` joins names as the language does. */
export function ruleWords(t: TFunction<'permission'>, language: string, vocabulary: Vocabulary | undefined, list: (names: readonly string[]) => string): RuleWords {
  const labels = new Map((vocabulary?.conditions ?? []).map(({ name, label }) => [name, label]));
  const entities = new Map((vocabulary?.targets ?? []).map(({ entity, label }) => [entity, label]));
  // Names come in the language of the data: inside a sentence of the other direction each stands for itself.
  const own = (name: string) => (language === 'ar' ? `\u2068${name}\u2069` : name);

  function condition(name: string): string {
    return labels.get(name) ?? name;
  }

  function entityIn(rule: Rule, name: string): string {
    const label = name === rule.entity ? rule.entity_label : entities.get(name);
    return own(lowered(label ?? name, language));
  }

  function sentence(rule: Rule, { named = false } = {}): string {
    const roles: string[] = [];
    const whiles: string[] = [];
    const facts: string[] = [];
    for (const name of rule.when) {
      const read = conditionOf(name);
      if (read.about === 'role') roles.push(own(read.role));
      else if (read.about === 'state') whiles.push(t('permission:rule.while', { entity: entityIn(rule, read.entity), state: own(stateLabel(labels.get(name), read.value)) }));
      else if (read.about === 'new') whiles.push(t('permission:rule.whileNew', { entity: entityIn(rule, read.entity) }));
      else facts.push(own(condition(name)));
    }
    const entity = own(rule.entity_label);
    const part = own(rule.part_label);
    const what = t(`permission:rule.${rule.part === '*' ? 'all' : rule.kind === 'act' ? 'act' : 'part'}${named ? 'Of' : ''}`, { part, entity });
    const who = roles.length > 0 ? list(roles) : t('permission:rule.anyone');
    const main =
      rule.part === '_delete' && rule.kind === 'edit'
        ? t(`permission:rule.${rule.effect}.remove`, { who, what: own(lowered(rule.entity_label, language)) })
        : t(`permission:rule.${rule.effect}.${rule.kind}`, { who, what });
    const when = [main, ...whiles].join(' ');
    return `${facts.length > 0 ? `${when}${language === 'ar' ? '،' : ','} ${t('permission:rule.provided', { facts: list(facts) })}` : when}.`;
  }

  return { condition, sentence };
}

/** The state in the server's words for a condition, such as `Draft` in `Status: Draft`. */
function stateLabel(label: string | undefined, value: string): string {
  if (label === undefined) return value.replaceAll('_', ' ');
  return /[:=]\s*([^:=]+)$/.exec(label)?.[1] ?? label;
}

/** A record type in the middle of a sentence; abbreviations stay as they are. */
function lowered(label: string, language: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.slice(0, 1).toLocaleLowerCase(language) + label.slice(1);
}
