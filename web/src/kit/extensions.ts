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

/** The extension fields of a record: those that the reader sees, and those that they may write now. */
export interface Extensions {
  shown: ExtensionField[];
  written: ExtensionField[];
}

interface Described {
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
  choices?: { value: string; display_name: string; retired?: boolean }[];
}

/** The fields of one method's metadata, at any depth. */
export interface Metadata {
  extensions?: { children?: Record<string, Described> };
}

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

/** The extension fields of the record at a path. They are part of what `key`, the record's own, stands for, so they are read anew with it. */
export function extensionsQuery(ws: string, path: string, key: readonly unknown[]) {
  return queryOptions({
    queryKey: [...key, 'extensions'],
    queryFn: async ({ signal }): Promise<Extensions> => {
      const { actions } = await api.options<{ actions?: { GET?: Metadata; PUT?: Metadata } }>(path, { workspace: ws, signal });
      return { shown: extensionsIn(actions?.GET), written: extensionsIn(actions?.PUT) };
    },
  });
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
