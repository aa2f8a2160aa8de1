import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FieldProps } from './FormField';

/** Chooses one of a short list of records, by id. */
export function RefSelect({ id, name, label, info, value, error, set, options }: FieldProps & { options: readonly { id: number; name: string }[] | undefined }) {
  const { t } = useTranslation('ui');
  return (
    <Select
      id={id}
      size="md"
      label={label}
      aria-required={info.required}
      searchable
      clearable={!info.required}
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: info.label }) }}
      nothingFoundMessage={options === undefined ? t('loading') : t('form.noMatch')}
      data={(options ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
      value={typeof value === 'number' ? String(value) : null}
      error={error}
      onChange={(next) => { set({ [name]: next === null ? null : Number(next) }); }}
    />
  );
}
