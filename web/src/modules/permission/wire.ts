/** Whether a rule gives or takes. */
export type Effect = 'allow' | 'refuse';

/** A kind of use: seeing a field, changing it, or carrying out an action. */
export type Kind = 'view' | 'edit' | 'act';

/** What every rule says, whoever wrote it. */
export interface Rule {
  effect: Effect;
  kind: Kind;
  /** The record type, such as `tpm.visit`. */
  entity: string;
  entity_label: string;
  /** The field or the action; `*` stands for all of the record. */
  part: string;
  part_label: string;
  /** Conditions that all must hold, by name: `role:PME`, `tpm.visit.status=draft`. */
  when: readonly string[];
}

/** A rule as the server lists it: the program's own or an administrator's, in force or switched off. */
export interface RuleRow extends Rule {
  target: string;
  /** Comes with the program, unlike one that an administrator added. */
  declared: boolean;
  in_force: boolean;
  /** The change an administrator made to it. */
  override: number | null;
  /** The reason given for that change. */
  note: string;
  /** Why that change cannot be kept any more; empty when it can. */
  trouble: string;
}

/** A field or an action that rules can be about. */
export interface VocabularyPart {
  name: string;
  label: string;
  kinds: readonly Kind[];
}

/** A record type that rules can be about. */
export interface VocabularyTarget {
  entity: string;
  label: string;
  parts: readonly VocabularyPart[];
}

/** A condition that rules can set. */
export interface VocabularyCondition {
  name: string;
  label: string;
}

/** All that a rule can be made of. */
export interface Vocabulary {
  targets: readonly VocabularyTarget[];
  conditions: readonly VocabularyCondition[];
}

/** A change of the rules as the server takes it: one more, or one of the program's withdrawn. */
export interface ChangeInput {
  change: 'add' | 'withdraw';
  effect: Effect;
  kind: Kind;
  target: string;
  /** Conditions joined by " and ". */
  when: string;
  note: string;
}

/** One event in the life of a change. */
export interface ChangeEvent {
  id: number;
  at: string;
  actor: { id: number; name: string } | null;
  verb: string;
}
