import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { type Choice, facilitiesQuery, placesQuery } from './schemeQueries';

interface Common {
  id: string;
  label: string;
  description?: string;
  error?: ReactNode;
  /** The letter of a level of places, or facilities. */
  of: 'D' | 'V' | 'facility';
}

/** What the server offers for what was typed, with what is chosen already among it. */
function useChoices(of: Common['of'], typed: string, chosen: readonly Choice[]) {
  const ws = useWorkspace();
  const [wanted] = useDebouncedValue(chosen.some((one) => one.name === typed.trim()) ? '' : typed.trim(), 250);
  const places = useQuery({ ...placesQuery(ws, of, wanted), enabled: of !== 'facility' });
  const facilities = useQuery({ ...facilitiesQuery(ws, wanted), enabled: of === 'facility' });
  const asked = of === 'facility' ? facilities : places;
  const all = new Map([...chosen, ...(asked.data ?? [])].map((one) => [String(one.id), one]));
  return { all, data: [...all].map(([value, one]) => ({ value, label: [one.name, one.hint].filter(Boolean).join(', ') })), pending: asked.isPending };
}

/** Chooses one place or facility, looked for by the server as one types. */
export function OneChoice({ id, label, description, error, of, value, onChange }: Common & { value: Choice | null; onChange: (value: Choice | null) => void }) {
  const { t } = useTranslation('account');
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
      nothingFoundMessage={pending ? t('ui:loading') : t('users.noMatch')}
      maxDropdownHeight={240}
      clearButtonProps={{ 'aria-label': t('users.clear', { field: label }) }}
    />
  );
}

/** Chooses several places, looked for by the server as one types. */
export function ManyChoices({ id, label, description, error, of, value, onChange }: Common & { value: readonly Choice[]; onChange: (value: readonly Choice[]) => void }) {
  const { t } = useTranslation('account');
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
      nothingFoundMessage={pending ? t('ui:loading') : t('users.noMatch')}
      maxDropdownHeight={240}
    />
  );
}
