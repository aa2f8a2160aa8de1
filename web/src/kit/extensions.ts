import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client';

/** The value of an extension field on the wire: exact numbers and days are texts. */
export type ExtensionValue = string | number | boolean | null;

/** The values of a record's extension fields by key. */
export type ExtensionValues = Readonly<Record<string, ExtensionValue>>;

/** A field that an administrator declared, as the metadata of a record describe it. */
export interface ExtensionField {
  key: string;
  type: string;
  label: string;
  required: boolean;
  help?: string;
  long?: boolean;
  maxLength?: number;
  decimals?: number;
  min?: string;
  max?: string;
  choices?: { value: string; label: string; retired: boolean }[];
}

/** What an administrator said of a field that comes with the program. */
export interface OwnField {
  /** What the field is called, where that is not what it came as. */
  label?: string;
  /** It must have a value in what is written now. */
  required: boolean;
  /** What the values of a choice are called. */
  choices?: Readonly<Record<string, string>>;
}

/** What administrators made of the fields of a record, as the reader sees and may write it now. */
export interface RecordFields {
  /** The fields that they added: those that are shown, and those that are written. */
  shown: ExtensionField[];
  written: ExtensionField[];
  /** The fields that come with the program, by name. */
  own: Readonly<Record<string, OwnField>>;
  /** The same of the records in the lists within, by the name of the list. */
  items: Readonly<Record<string, RecordFields>>;
}

/** What metadata say of a field. */
export interface Described {
  type: string;
  label?: string;
  required?: boolean;
  order?: number;
  help_text?: string;
  long?: boolean;
  max_length?: number;
  decimal_places?: number;
  min?: string;
  max?: string;
  choices?: readonly { value: string; display_name: string; retired?: boolean }[];
  renamed?: boolean;
  children?: Readonly<Record<string, Described>>;
  child?: { children?: Readonly<Record<string, Described>> };
}

/** The fields of one method's metadata, at any depth. */
export type Metadata = Readonly<Record<string, Described>>;

/** Reads the extension fields out of metadata, in the administrator's order. */
export function extensionsIn(metadata: Metadata | undefined): ExtensionField[] {
  return Object.entries(metadata?.extensions?.children ?? {})
    .sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0))
    .map(([key, one]) => ({
      key,
      type: one.type,
      label: one.label ?? key,
      required: one.required === true,
      ...(one.help_text ? { help: one.help_text } : {}),
      ...(one.long ? { long: true } : {}),
      ...(one.max_length ? { maxLength: one.max_length } : {}),
      ...(one.decimal_places === undefined ? {} : { decimals: one.decimal_places }),
      ...(one.min ? { min: one.min } : {}),
      ...(one.max ? { max: one.max } : {}),
      ...(one.choices ? { choices: one.choices.map(({ value, display_name, retired }) => ({ value, label: display_name, retired: retired === true })) } : {}),
    }));
}

/** Reads what administrators made of the fields out of the metadata of reading and of writing. */
export function fieldsIn(read: Metadata | undefined, written: Metadata | undefined): RecordFields {
  const own: Record<string, OwnField> = {};
  const items: Record<string, RecordFields> = {};
  for (const name of new Set([...Object.keys(read ?? {}), ...Object.keys(written ?? {})])) {
    if (name === 'extensions') continue;
    const [shown, taken] = [read?.[name], written?.[name]];
    const label = (taken ?? shown)?.renamed === true ? (taken ?? shown)?.label : undefined;
    const choices = (shown ?? taken)?.choices;
    own[name] = {
      ...(label === undefined ? {} : { label }),
      required: taken?.required === true,
      ...(choices === undefined ? {} : { choices: Object.fromEntries(choices.map(({ value, display_name }) => [value, display_name])) }),
    };
    if (shown?.child?.children !== undefined || taken?.child?.children !== undefined) items[name] = fieldsIn(shown?.child?.children, taken?.child?.children);
  }
  return { shown: extensionsIn(read), written: extensionsIn(written), own, items };
}

/** What administrators made of the fields of the record at a path. It is part of what `key`, the record's own, stands for, so it is read anew with it. */
export function recordFieldsQuery(ws: string, path: string, key: readonly unknown[]) {
  return queryOptions({
    queryKey: [...key, 'fields'],
    queryFn: async ({ signal }): Promise<RecordFields> => {
      const { actions } = await api.options<{ actions?: { GET?: Metadata; PUT?: Metadata } }>(path, { workspace: ws, signal });
      return fieldsIn(actions?.GET, actions?.PUT);
    },
  });
}

/** What a field is called: what an administrator said, else `words`. */
export function nameOf(fields: RecordFields | undefined, field: string, words: string): string {
  return fields?.own[field]?.label ?? words;
}

/** The keys of the required fields that have nothing in them. */
export function missingExtensions(values: ExtensionValues, fields: readonly ExtensionField[]): string[] {
  return fields.filter(({ key, required }) => required && String(values[key] ?? '').trim() === '').map(({ key }) => key);
}

/** What differs between two sets of values; nothing and blank are the same. */
export function changedExtensions(before: ExtensionValues, after: ExtensionValues): ExtensionValues {
  const changed: Record<string, ExtensionValue> = {};
  for (const [key, value] of Object.entries(after)) {
    const now = value === '' ? null : value;
    if (now !== (before[key] ?? null)) changed[key] = now;
  }
  return changed;
}
