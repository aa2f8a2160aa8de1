import { type Amount, sizeOf, sizeText, spanOf, spanText, wholeNumber } from './units';
import type { Chosen, Setting, Value } from './wire';

/** What the boxes of the form hold, for every kind of setting. */
export interface Draft extends Amount {
  text: string;
  on: boolean;
  chosen: string[];
}

const empty: Draft = { number: '', unit: '', text: '', on: false, chosen: [] };

/** A value in the boxes of the form. */
export function draftOf({ kind }: Setting, value: Value): Draft {
  switch (kind) {
    case 'integer':
      return { ...empty, number: `${value as number}` };
    case 'size':
      return { ...empty, ...sizeOf(value as string) }; // the kind says which of the types it is, here and below
    case 'duration':
      return { ...empty, ...spanOf(value as string) };
    case 'boolean':
      return { ...empty, on: value as boolean };
    case 'choices':
      return { ...empty, chosen: [...(value as readonly string[])] };
    case 'json':
      return { ...empty, text: JSON.stringify(value, null, 2) };
    case 'text':
    case 'choice':
      return { ...empty, text: value as string };
  }
}

/** What the boxes say; undefined while it is no value of the kind. Limits are the server's to check. */
export function valueOf({ kind, choices, min_length: least }: Setting, draft: Draft): Value | undefined {
  switch (kind) {
    case 'integer':
      return wholeNumber(draft.number);
    case 'size':
      return sizeText(draft);
    case 'duration':
      return spanText(draft);
    case 'boolean':
      return draft.on;
    case 'choices':
      return choices.map(({ value }) => value).filter((value) => draft.chosen.includes(value));
    case 'json':
      return objectIn(draft.text);
    case 'text':
      return draft.text.trim().length < least ? undefined : draft.text.trim();
    case 'choice':
      return draft.text;
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What an administrator chose for a workspace, or with an empty code for all of them; one that was reset has no value. */
export function chosenFor(setting: Setting, workspace: string): Chosen | undefined {
  return setting.overrides.find((one) => one.workspace === workspace);
}

/** Tells whether an administrator changed the setting somewhere. */
export function isChanged(setting: Setting): boolean {
  return setting.overrides.some((one) => one.value !== null);
}

/** The form's beginning: what was chosen for this workspace, or for all, or what holds without. */
export function beginning(setting: Setting, workspace: string): Value {
  return chosenFor(setting, workspace)?.value ?? chosenFor(setting, '')?.value ?? setting.default;
}
