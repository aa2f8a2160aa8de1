import type { Choice, Extension, ExtensionInput } from './wire';

/** A new extension field, at the end of the others. */
export function emptyField(entity: string, others: readonly Extension[]): ExtensionInput {
  return {
    entity, key: '', kind: 'text', labels: { en: '' }, help: {}, choices: [], scale: 0, min: '', max: '', max_length: 0, pattern: '', required: false, indexed: false, retired: false,
    place: others.reduce((last, other) => Math.max(last, other.place), 0) + 1,
  };
}

/** The key that a label suggests: words of Latin letters and digits, joined by underscores. */
export function keyOf(label: string): string {
  const words = label.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/[^a-z0-9]+/).map((word) => word.replace(/^[0-9]+/, '')).filter((word) => word !== '');
  return words.join('_').slice(0, 40).replace(/_+$/, '');
}

/** Choices as lines of text: the value, and its English name where that is another. */
export function linesOf(choices: readonly Choice[]): string {
  return choices.map(({ value, labels }) => (labels.en === undefined || labels.en === value ? value : `${value} = ${labels.en}`)).join('\n');
}

/** Reads choices from lines; what was known of a value stays with it, and a value whose line is gone is retired rather than lost. */
export function choicesOf(lines: string, before: readonly Choice[]): Choice[] {
  const choices: Choice[] = [];
  for (const line of lines.split('\n')) {
    const [left = '', ...rest] = line.split('=');
    const label = (rest.length > 0 ? rest.join('=') : left).trim();
    const value = rest.length > 0 ? left.trim() : (before.find((one) => one.labels.en === label)?.value ?? left.trim());
    if (value === '' || choices.some((one) => one.value === value)) continue;
    choices.push({ value, labels: { ...before.find((one) => one.value === value)?.labels, en: label === '' ? value : label } });
  }
  for (const gone of before) {
    if (!choices.some((one) => one.value === gone.value)) choices.push({ ...gone, retired: true });
  }
  return choices;
}

/** What only goes with some kinds is left out of the others. */
export function tidied(field: ExtensionInput): ExtensionInput {
  const texts = field.kind === 'text' || field.kind === 'long_text' || field.kind === 'url';
  const limits = field.kind === 'integer' || field.kind === 'decimal' || field.kind === 'date';
  return {
    ...field,
    labels: spoken(field.labels), help: spoken(field.help),
    choices: field.kind === 'choice' ? field.choices : [],
    scale: field.kind === 'decimal' ? field.scale : 0,
    min: limits ? field.min.trim() : '', max: limits ? field.max.trim() : '',
    max_length: texts ? field.max_length : 0,
    pattern: field.kind === 'text' ? field.pattern : '',
  };
}

/** Texts without the blank ones. */
export function spoken(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, text.trim()] as const).filter(([, text]) => text !== ''));
}

/** The names of values without blank ones, and without values that have none. */
export function spokenOf(choices: Readonly<Record<string, Readonly<Record<string, string>>>>): Record<string, Record<string, string>> {
  return Object.fromEntries(Object.entries(choices).map(([value, names]) => [value, spoken(names)] as const).filter(([, names]) => Object.keys(names).length > 0));
}
