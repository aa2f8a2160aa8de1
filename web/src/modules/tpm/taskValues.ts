import { changedExtensions, type ExtensionValues } from '../../kit/extensions';
import type { Choice } from './SearchMultiSelect';
import { placeName } from './names';
import type { Task, TaskInput } from './wire';

/** A task as its form has it: what is on the screen, field by field. */
export interface TaskValues {
  partner: string | null;
  agreement: string | null;
  output: string | null;
  section: string | null;
  date: string;
  places: Choice[];
  focalPoints: Choice[];
  offices: string[];
  information: string;
  /** What administrators added. */
  extensions: ExtensionValues;
}

/** A field of the form, but for those that administrators added. */
export type TaskField = Exclude<keyof TaskValues, 'extensions'>;

/** The form of a task that is not there yet. */
export const emptyTask: TaskValues = { partner: null, agreement: null, output: null, section: null, date: '', places: [], focalPoints: [], offices: [], information: '', extensions: {} };

/** The field of the server that a field of the form is about. */
export const serverField = {
  partner: 'partner',
  agreement: 'intervention',
  output: 'cp_output',
  section: 'section',
  date: 'date',
  places: 'locations',
  focalPoints: 'unicef_focal_points',
  offices: 'offices',
  information: 'additional_information',
} as const satisfies Readonly<Record<TaskField, keyof Task>>;

const fields = Object.keys(serverField) as TaskField[]; // keys of a constant object are its literal type

/** The field of the form that a field of the server is shown in. */
export const fieldOf: Readonly<Record<string, TaskField>> = Object.fromEntries(fields.map((field) => [serverField[field], field]));

/** The form of a task. */
export function valuesOf(task: Task): TaskValues {
  return {
    partner: text(task.partner?.id),
    agreement: text(task.intervention?.id),
    output: text(task.cp_output?.id),
    section: text(task.section?.id),
    date: task.date ?? '',
    places: (task.locations ?? []).map((place) => ({ id: Number(place.id), name: placeName(place) })),
    focalPoints: (task.unicef_focal_points ?? []).map((person) => ({ id: person.id, name: person.name })),
    offices: (task.offices ?? []).map((office) => String(office.id)),
    information: task.additional_information ?? '',
    extensions: task.extensions ?? {},
  };
}

function text(id: number | string | undefined): string | null {
  return id === undefined ? null : String(id);
}

/** Tells whether two forms say the same in a field; the order of chosen things says nothing. */
export function sameIn(field: TaskField, a: TaskValues, b: TaskValues): boolean {
  return plain(a[field]) === plain(b[field]);
}

function plain(value: TaskValues[TaskField]): string {
  if (!Array.isArray(value)) return value ?? '';
  return value
    .map((one) => (typeof one === 'string' ? one : String(one.id)))
    .sort()
    .join();
}

/** The fields in which two forms differ. */
export function changedFields(from: TaskValues, to: TaskValues): TaskField[] {
  return fields.filter((field) => !sameIn(field, from, to));
}

/** What must be sent to make a task of `from` into one of `to`: only what changed, and what belongs together together. */
export function taskInput(from: TaskValues, to: TaskValues): TaskInput {
  const changed = new Set(changedFields(from, to));
  const input: TaskInput = {};
  // A partner without its agreement would reset the agreement, and an output is checked against the agreement sent with it.
  if (changed.has('partner') || changed.has('agreement') || changed.has('output')) {
    input.partner = number(to.partner);
    input.intervention = number(to.agreement);
    input.cp_output = number(to.output);
  }
  if (changed.has('section')) input.section = number(to.section);
  if (changed.has('date')) input.date = to.date || null;
  if (changed.has('places')) input.locations = to.places.map((place) => place.id);
  if (changed.has('focalPoints')) input.unicef_focal_points = to.focalPoints.map((person) => person.id);
  if (changed.has('offices')) input.offices = to.offices.map(Number);
  if (changed.has('information')) input.additional_information = to.information;
  const extensions = changedExtensions(from.extensions, to.extensions);
  if (Object.keys(extensions).length > 0) input.extensions = extensions;
  return input;
}

/** All of a new task. */
export function newTaskInput(values: TaskValues): TaskInput {
  const extensions = changedExtensions({}, values.extensions);
  return {
    partner: number(values.partner),
    intervention: number(values.agreement),
    cp_output: number(values.output),
    section: number(values.section),
    date: values.date || null,
    locations: values.places.map((place) => place.id),
    unicef_focal_points: values.focalPoints.map((person) => person.id),
    offices: values.offices.map(Number),
    additional_information: values.information,
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

function number(id: string | null): number | null {
  return id === null ? null : Number(id);
}

// Partners of these types work without an agreement; the names are the server's.
const withoutAgreement = new Set(['Government', 'Bilateral / Multilateral']);

/** Tells whether tasks at a partner of this type name an agreement. */
export function needsAgreement(partnerType: string | null | undefined): boolean {
  return !withoutAgreement.has(partnerType ?? '');
}

/** Which fields the form has, and which of them an administrator requires beside those that are needed anyway. */
export interface TaskRules {
  offers: (field: TaskField) => boolean;
  requires: (field: TaskField) => boolean;
}

const always = new Set<TaskField>(['partner', 'section', 'date', 'places', 'focalPoints', 'offices']);

/** Tells whether a field must be filled in. */
export function isNeeded(field: TaskField, agreementNeeded: boolean, rules: TaskRules): boolean {
  return always.has(field) || (field === 'agreement' && agreementNeeded) || rules.requires(field);
}

/** The fields that must be filled in and are not. */
export function missingFields(values: TaskValues, agreementNeeded: boolean, rules: TaskRules): TaskField[] {
  return fields.filter((field) => {
    // Before a partner is chosen, nobody can choose its agreement.
    if (!rules.offers(field) || !isNeeded(field, agreementNeeded, rules) || (field === 'agreement' && (values.partner === null || !agreementNeeded))) return false;
    const value = values[field];
    return value === null || value.length === 0;
  });
}

/** Tells whether two forms say the same. */
export function sameTask(a: TaskValues, b: TaskValues): boolean {
  return changedFields(a, b).length === 0 && Object.keys(changedExtensions(a.extensions, b.extensions)).length === 0;
}
