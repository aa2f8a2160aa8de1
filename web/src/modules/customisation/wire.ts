/** Texts by language. */
export type Texts = Readonly<Record<string, string>>;

/** The languages in which fields are named. */
export const languages = ['en', 'fr', 'es', 'ar'] as const;

/** The kinds of an extension field. */
export const kinds = ['text', 'long_text', 'integer', 'decimal', 'bool', 'date', 'choice', 'url'] as const;
export type Kind = (typeof kinds)[number];

/** A type of record with the fields that come with the program. */
export interface RecordType {
  name: string;
  label: string;
  plural: string;
  extensible: boolean;
  fields: readonly DeclaredField[];
}

/** A field that comes with the program; `label` is what it is called without any control. */
export interface DeclaredField {
  name: string;
  label: string;
  kind: string;
  required: boolean;
  hideable: boolean;
  requirable: boolean;
  choices: readonly { value: string; label: string }[];
}

/** A value of a choice. */
export interface Choice {
  value: string;
  labels: Texts;
  retired?: boolean;
}

/** What is sent of an extension field. */
export interface ExtensionInput {
  entity: string;
  key: string;
  kind: Kind;
  labels: Texts;
  help: Texts;
  choices: readonly Choice[];
  scale: number;
  min: string;
  max: string;
  max_length: number;
  pattern: string;
  required: boolean;
  indexed: boolean;
  retired: boolean;
  place: number;
}

/** An extension field as it is declared. */
export interface Extension extends ExtensionInput {
  id: number;
}

/** What is sent of a field control. */
export interface ControlInput {
  entity: string;
  field: string;
  hidden: boolean;
  required: boolean;
  labels: Texts;
  /** What values of a choice are called, by value. */
  choices: Readonly<Record<string, Texts>>;
}

/** What an administrator changed about a field. */
export interface Control extends ControlInput {
  id: number;
}

/** A change of one part of a declaration. */
export interface HistoryChange {
  field: string;
  label: string;
  before: unknown;
  after: unknown;
}

/** What somebody did to a declaration. */
export interface HistoryEvent {
  id: number;
  at: string;
  actor: { id: number; name: string } | null;
  verb: string;
  changes: readonly HistoryChange[];
}
