import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Choice, type Choices, choicesQuery } from './choices';
import type { FieldProps } from './FormField';
import { useWorkspace } from './useWorkspace';

interface Common {
  id: string;
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  of: Choices;
}

/** What the server offers for what was typed, with what is chosen already among it. */
function useChoices(of: Choices, typed: string, chosen: readonly Choice[]) {
  const ws = useWorkspace();
  const [wanted] = useDebouncedValue(chosen.some((one) => one.name === typed.trim()) ? '' : typed.trim(), 250);
  const asked = useQuery(choicesQuery(ws, of, wanted));
  const all = new Map([...chosen, ...(asked.data ?? [])].map((one) => [String(one.id), one]));
  return { all, data: [...all].map(([value, one]) => ({ value, label: [one.name, one.hint].filter(Boolean).join(', ') })), pending: asked.isPending };
}

/** Chooses one record, looked for by the server as one types. */
export function OneChoice({ id, label, description, error, of, value, onChange }: Common & { value: Choice | null; onChange: (value: Choice | null) => void }) {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState(value?.name ?? '');
  const { all, data, pending } = useChoices(of, typed, value === null ? [] : [value]);
  return (
    <Select
      id={id}
      size="md"
      label={label}
      description={description}
      error={error}
      searchable
      clearable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered.
      filter={({ options }) => options}
      data={data}
      value={value === null ? null : String(value.id)}
      onChange={(chosen) => {
        onChange(chosen === null ? null : (all.get(chosen) ?? null));
      }}
      nothingFoundMessage={pending ? t('loading') : t('form.noMatch')}
      maxDropdownHeight={240}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: label }) }}
    />
  );
}

/** Chooses several records, looked for by the server as one types. */
export function ManyChoices({ id, label, description, error, of, value, onChange }: Common & { value: readonly Choice[]; onChange: (value: readonly Choice[]) => void }) {
  const { t } = useTranslation('ui');
  const [typed, setTyped] = useState('');
  const { all, data, pending } = useChoices(of, typed, value);
  return (
    <MultiSelect
      id={id}
      size="md"
      label={label}
      description={description}
      error={error}
      searchable
      openOnFocus={false}
      hidePickedOptions
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={data}
      value={value.map((one) => String(one.id))}
      onChange={(chosen) => {
        onChange(chosen.flatMap((one) => all.get(one) ?? []));
      }}
      nothingFoundMessage={pending ? t('loading') : t('form.noMatch')}
      maxDropdownHeight={240}
    />
  );
}

/** Chooses a record for a field of a form; `known` is what is chosen already. */
export function RefChoice({ id, name, label, value, error, set, of, known }: FieldProps & { of: Choices; known: Choice | null | undefined }) {
  const [chosen, setChosen] = useState(known ?? null);
  return (
    <OneChoice
      id={id}
      label={label}
      of={of}
      error={error}
      value={[chosen, known].find((one) => one?.id === value) ?? null}
      onChange={(next) => {
        setChosen(next);
        set({ [name]: next?.id ?? null });
      }}
    />
  );
}
