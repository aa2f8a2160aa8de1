import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FocusEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Something chosen, with its name: the server is not asked again for what is known. */
export interface Choice {
  id: number;
  name: string;
}

/** Chooses several of more things than a browser should hold: what is typed is looked for by the server. */
export function SearchMultiSelect({ id, label, help, value, onChange, onBlur, error, required = false, autoFocus = false, useChoices }: {
  id: string;
  label: string;
  help?: string;
  value: readonly Choice[];
  onChange: (value: Choice[]) => void;
  onBlur?: (event: FocusEvent<HTMLInputElement>) => void;
  error?: ReactNode;
  required?: boolean;
  autoFocus?: boolean;
  /** A hook that finds things by what was typed. */
  useChoices: (search: string) => { choices: readonly Choice[]; loading: boolean };
}) {
  const { t } = useTranslation('tpm');
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  const { choices, loading } = useChoices(wanted);
  const known = new Map([...choices, ...value].map((choice) => [String(choice.id), choice]));
  const chosen = new Set(value.map((choice) => choice.id));
  const offered = new Set(choices.map((choice) => choice.id));
  return (
    <MultiSelect
      id={id}
      size="md"
      label={label}
      description={help}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      aria-required={required}
      searchable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered; here only what is chosen already is left out.
      filter={({ options }) => options.filter((option) => 'value' in option && !chosen.has(Number(option.value)) && offered.has(Number(option.value)))}
      data={[...known.values()].map((choice) => ({ value: String(choice.id), label: choice.name }))}
      value={value.map((choice) => String(choice.id))}
      onChange={(ids) => {
        onChange(ids.map((one) => known.get(one)).filter((choice) => choice !== undefined));
        setTyped('');
      }}
      onBlur={onBlur}
      error={error}
      data-autofocus={autoFocus || undefined}
      nothingFoundMessage={loading ? t('ui:loading') : t('form.noMatch')}
      hidePickedOptions
      maxDropdownHeight={240}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
