import { Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import type { Values } from './form';
import { wordOf } from './names';
import { NumberField } from './NumberField';
import { PlaceSelect } from './PlaceSelect';
import { codeLists, codesQuery, type CodeField } from './queries';
import type { FieldInfo } from './wire';

interface Props {
  form: string;
  name: string;
  /** undefined when the reader may not send the field: then nothing is shown. */
  info: FieldInfo | undefined;
  values: Values;
  error?: string | undefined;
  set: (part: Values) => void;
  /** The name of the place that is chosen already, or the number that the person has. */
  known?: string | undefined;
}

const ltr = new Set(['phone', 'email', 'passport', 'confirmation_no']);

/** One field of a form, in the manner that the server says: its label, whether it is required, how long it may be, and what can be chosen. */
export function FormField(props: Props) {
  const { t } = useTranslation('insuree');
  const { form, name, info, values, error, set, known } = props;
  if (info === undefined) return null;
  const id = `${form}-${name}`;
  const label = info.required ? `${info.label} ${t('ui:required')}` : info.label;
  const value = values[name] ?? null;
  const text = typeof value === 'string' ? value : '';
  if (name === 'chf_id') {
    return <NumberField id={id} label={label} maxLength={info.max_length} value={text} own={known ?? ''} error={error} onChange={(next) => { set({ [name]: next }); }} />;
  }
  if (name in codeLists) return <CodeSelect {...props} id={id} label={label} field={name as CodeField} />;
  if (info.type === 'field') {
    return (
      <PlaceSelect id={id} label={label} type="V" value={typeof value === 'number' ? value : null} known={known} error={error} onChange={(next) => { set({ [name]: next }); }} />
    );
  }
  if (info.type === 'boolean') {
    return <Checkbox id={id} label={label} error={error} checked={value === true} onChange={(event) => { set({ [name]: event.currentTarget.checked }); }} />;
  }
  if (info.type === 'choice') {
    return (
      <Select
        id={id}
        size="md"
        label={label}
        clearable={name !== 'status'}
        openOnFocus={false}
        clearButtonProps={{ 'aria-label': t('form.clear', { field: info.label }) }}
        data={(info.choices ?? []).map((choice) => ({ value: choice.value, label: choice.display_name }))}
        value={text === '' ? null : text}
        error={error}
        onChange={(next) => { set({ [name]: next }); }}
      />
    );
  }
  return (
    <TextInput
      id={id}
      size="md"
      label={label}
      aria-required={info.required}
      type={info.type === 'date' ? 'date' : name === 'phone' ? 'tel' : name === 'email' ? 'email' : 'text'}
      autoComplete="off"
      {...(ltr.has(name) && { dir: 'ltr' as const })}
      maxLength={info.max_length}
      value={text}
      error={error}
      onChange={(event) => { set({ [name]: event.currentTarget.value }); }}
    />
  );
}

function CodeSelect({ id, label, field, name, values, error, set, info }: Props & { id: string; label: string; field: CodeField }) {
  const { t, i18n } = useTranslation('insuree');
  const { data, isPending } = useQuery(codesQuery(useWorkspace(), field));
  const value = values[name];
  // A reason belongs to one state.
  const fitting = (data ?? []).filter((code) => field !== 'status_reason' || code.status_type === values.status);
  return (
    <Select
      id={id}
      size="md"
      label={label}
      searchable
      clearable
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: info?.label ?? '' }) }}
      nothingFoundMessage={isPending ? t('ui:loading') : t('form.noMatch')}
      data={fitting.map((code) => ({ value: String(code.id), label: wordOf(code, i18n.language) }))}
      value={typeof value === 'number' ? String(value) : null}
      error={error}
      onChange={(next) => { set({ [name]: next === null ? null : Number(next) }); }}
    />
  );
}
