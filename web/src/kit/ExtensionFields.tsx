import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ExtensionField, ExtensionValue, ExtensionValues } from './extensions';

/** The inputs of extension fields, each with what the server said of it (`extensions.key` in `refused`). */
export function ExtensionFields({ form, fields, values, onChange, refused }: {
  /** The beginning of the ids of the inputs, where something leads to them. */
  form?: string;
  fields: readonly ExtensionField[];
  values: ExtensionValues;
  onChange: (values: ExtensionValues) => void;
  refused: Readonly<Record<string, readonly string[]>>;
}) {
  return fields.map((field) => (
    <ExtensionInput
      key={field.key}
      id={form === undefined ? undefined : `${form}-extensions.${field.key}`}
      field={field}
      value={values[field.key] ?? null}
      error={refused[`extensions.${field.key}`]?.join(' ')}
      onChange={(value) => {
        onChange({ ...values, [field.key]: value });
      }}
    />
  ));
}

function ExtensionInput({ id, field, value, error, onChange }: { id: string | undefined; field: ExtensionField; value: ExtensionValue; error: string | undefined; onChange: (value: ExtensionValue) => void }) {
  const { t } = useTranslation('ui');
  const shared = {
    id,
    size: 'md' as const,
    label: `${field.label} ${t(field.required ? 'required' : 'optional')}`,
    'aria-required': field.required || undefined,
    description: field.help,
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[],
    error,
  };
  const text = value === null ? '' : String(value);
  switch (field.type) {
    case 'choice':
      return (
        <Select
          {...shared}
          clearable={!field.required}
          openOnFocus={false}
          data={(field.choices ?? []).filter((choice) => !choice.retired || choice.value === value).map((choice) => ({ value: choice.value, label: choice.label }))}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      );
    case 'boolean':
      return (
        <Select
          {...shared}
          clearable={!field.required}
          openOnFocus={false}
          data={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
          value={text === '' ? null : text}
          onChange={(chosen) => {
            onChange(chosen === null ? null : chosen === 'true');
          }}
        />
      );
    case 'integer':
    case 'decimal':
      return (
        <NumberInput
          {...shared}
          hideControls
          allowDecimal={field.type === 'decimal'}
          decimalScale={field.decimals ?? 0}
          value={text}
          onChange={(number) => {
            onChange(String(number));
          }}
        />
      );
    case 'date':
      return (
        <TextInput
          {...shared}
          type="date"
          min={field.min}
          max={field.max}
          value={text}
          onChange={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      );
  }
  if (field.long) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={field.maxLength}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={field.type === 'url' ? 'url' : 'text'}
      dir={field.type === 'url' ? 'ltr' : undefined}
      maxLength={field.maxLength}
      value={text}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
