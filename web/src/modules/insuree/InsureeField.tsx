import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type FieldProps, FormField } from '../../kit/FormField';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { useWorkspace } from '../../kit/useWorkspace';
import { wordOf } from './names';
import { NumberField } from './NumberField';
import { codeLists, codesQuery, type CodeField } from './queries';

const codes = new Set(['passport', 'confirmation_no']);

/** One field of an insuree or a family. `known` is the name of the place that is chosen already, or the number that the person has. */
export function InsureeField({ known, ...props }: FieldProps & { known?: string | undefined }) {
  const { id, name, label, info, value, error, set } = props;
  if (name === 'chf_id') {
    const text = typeof value === 'string' ? value : '';
    return <NumberField id={id} label={label} maxLength={info.max_length} value={text} own={known ?? ''} error={error} onChange={(next) => { set({ [name]: next }); }} />;
  }
  if (name in codeLists) return <CodeSelect {...props} field={name as CodeField} />; // asked one word before
  if (info.type === 'field') {
    return <PlaceSelect id={id} label={label} type="V" value={typeof value === 'number' ? value : null} known={known} error={error} onChange={(next) => { set({ [name]: next }); }} />;
  }
  return <FormField {...props} ltr={codes.has(name)} clearable={name !== 'status'} />;
}

function CodeSelect({ id, label, field, name, value, values, error, set, info }: FieldProps & { field: CodeField }) {
  const { t, i18n } = useTranslation('ui');
  const { data, isPending } = useQuery(codesQuery(useWorkspace(), field));
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
      clearButtonProps={{ 'aria-label': t('form.clear', { field: info.label }) }}
      nothingFoundMessage={isPending ? t('loading') : t('form.noMatch')}
      data={fitting.map((code) => ({ value: String(code.id), label: wordOf(code, i18n.language) }))}
      value={typeof value === 'number' ? String(value) : null}
      error={error}
      onChange={(next) => { set({ [name]: next === null ? null : Number(next) }); }}
    />
  );
}
