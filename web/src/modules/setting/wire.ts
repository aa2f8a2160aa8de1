/** What values of a setting are: sizes and durations are written with their unit, `50MB` and `8h`. */
export type Kind = 'integer' | 'size' | 'duration' | 'boolean' | 'text' | 'choice' | 'choices' | 'json';

/** Who decided what a setting is here. The last three are the operator, whose word nobody overrides. */
export type Source = 'default' | 'administrator' | 'workspace' | 'file' | 'environment' | 'flag';

/** A value as JSON has it. */
export type Value = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>>;

/** Who changed something. */
export interface Person {
  id: number;
  name: string;
}

/** What an administrator chose, for all workspaces or for one. */
export interface Chosen {
  /** The code of a workspace; empty for all. */
  workspace: string;
  /** Null once it was reset. */
  value: Value | null;
  version: number;
  updated_at: string;
  updated_by: Person | null;
  /** Why it does nothing; empty when it does. */
  trouble: string;
}

/** A setting that can be changed while the program runs, as the server lists it. */
export interface Setting {
  name: string;
  group: string;
  group_label: string;
  label: string;
  help: string;
  kind: Kind;
  /** In force in this workspace. */
  value: Value;
  /** In force when no administrator changes anything. */
  default: Value;
  source: Source;
  /** The line, variable or flag of the operator. */
  place: string;
  pinned: boolean;
  per_workspace: boolean;
  min: number | string | null;
  max: number | string | null;
  min_length: number;
  max_length: number;
  choices: readonly { value: string; label: string }[];
  overrides: readonly Chosen[];
}

/** One change in the life of a setting; null is the default. */
export interface ChangeEvent {
  at: string;
  actor: Person | null;
  workspace: string;
  before: Value | null;
  after: Value | null;
}
