import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldInfo, Value, Values } from './form';
import styles from './form.module.css';

/** A field of a form: what the server says of it, what stands in it, and what is wrong with that. */
export interface FieldProps {
  id: string;
  name: string;
  /** The server's label, and that it is required where it is. */
  label: string;
  info: FieldInfo;
  value: Value;
  /** What stands in all fields. */
  values: Values;
  error?: string | undefined;
  set: (part: Values) => void;
  /** It takes the focus when the form opens. */
  first: boolean;
}

const kinds: Readonly<Record<string, { type: 'tel' | 'email'; dir: 'ltr' }>> = { phone: { type: 'tel', dir: 'ltr' }, fax: { type: 'tel', dir: 'ltr' }, email: { type: 'email', dir: 'ltr' } };
const modes: Readonly<Record<string, 'numeric' | 'decimal'>> = { integer: 'numeric', decimal: 'decimal' };

/** One field of a form, in the manner that the server says: a tick, a choice, a day, a number or text. `ltr` is for codes; `help` is told below. */
export function FormField({ id, name, label, info, value, error, set, first, ltr, help, clearable = !info.required }: FieldProps & { ltr?: boolean; help?: ReactNode; clearable?: boolean }) {
  const { t } = useTranslation('ui');
  const text = typeof value === 'string' ? value : '';
  if (info.type === 'boolean') {
    return <Checkbox id={id} label={label} description={help} error={error} checked={value === true} onChange={(event) => { set({ [name]: event.currentTarget.checked }); }} />;
  }
  const common = { id, label, size: 'md', error, description: help, 'data-autofocus': first || undefined };
  if (info.type === 'choice') {
    return (
      <Select
        {...common}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        aria-required={info.required}
        clearable={clearable}
        openOnFocus={false}
        clearButtonProps={{ 'aria-label': t('form.clear', { field: info.label }) }}
        data={(info.choices ?? []).map((choice) => ({ value: choice.value, label: choice.display_name }))}
        value={text === '' ? null : text}
        onChange={(next) => { set({ [name]: next }); }}
      />
    );
  }
  const mode = modes[info.type];
  const number = mode !== undefined;
  const Input = info.type === 'string' && info.max_length === undefined ? Textarea : TextInput;
  return (
    <Input
      {...common}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      aria-required={info.required}
      autoComplete="off"
      maxLength={info.max_length}
      value={text}
      {...(Input === Textarea ? { autosize: true, minRows: 2, maxRows: 8 } : { type: info.type === 'date' ? 'date' : 'text', ...kinds[name] })}
      {...(number && { inputMode: mode })}
      {...((number || ltr) && { dir: 'ltr' as const })}
      onChange={(event) => { set({ [name]: event.currentTarget.value }); }}
    />
  );
}

/** Rows of fields, those that the server lets the reader send. `field` shows one; without it each is shown as the server says. */
export function FieldRows({ form, rows, fields, values, errorOf, set, focus, field = (props) => <FormField {...props} /> }: {
  /** The beginning of the ids of the fields. */
  form: string;
  rows: readonly (readonly string[])[];
  fields: Readonly<Record<string, FieldInfo>>;
  values: Values;
  errorOf: (name: string) => string | undefined;
  set: (part: Values) => void;
  /** The field that takes the focus when the form opens. */
  focus?: string | undefined;
  field?: ((props: FieldProps) => ReactNode) | undefined;
}) {
  const { t } = useTranslation('ui');
  return rows.map((row) => {
    const shown = row.flatMap((name) => {
      const info = fields[name];
      return info === undefined ? [] : [{ name, info }];
    });
    if (shown.length === 0) return null;
    return (
      <div key={row[0]} className={shown.length > 1 ? styles.pair : undefined}>
        {shown.map(({ name, info }) => (
          <Fragment key={name}>
            {field({ id: `${form}-${name}`, name, info, label: info.required ? `${info.label} ${t('required')}` : info.label, value: values[name] ?? null, values, error: errorOf(name), set, first: name === focus })}
          </Fragment>
        ))}
      </div>
    );
  });
}
