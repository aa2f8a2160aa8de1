import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from './useWorkspace';
import { placesQuery } from './places';

/** Chooses a place of a level, looked for by the server as one types. `known` is the name of what is chosen already. */
export function PlaceSelect({ id, label, type, deepest, value, known, onChange, error }: {
  id: string;
  label: string;
  type?: string;
  /** The number of the lowest level that is offered. */
  deepest?: number;
  value: number | null;
  known?: string | undefined;
  /** Told with the name and the UUID of what was chosen. */
  onChange: (value: number | null, name: string, uuid: string) => void;
  error?: ReactNode;
}) {
  const { t } = useTranslation('ui');
  const ws = useWorkspace();
  const [typed, setTyped] = useState(known ?? '');
  const [chosen, setChosen] = useState({ value, name: known ?? '' });
  // What stands in the field after a choice is its name, not something to look for.
  const [wanted] = useDebouncedValue(typed === chosen.name ? '' : typed.trim(), 250);
  const { data, isPending } = useQuery(placesQuery(ws, wanted, type));
  const options = new Map((data ?? []).filter((place) => deepest === undefined || (place.admin_level ?? 0) <= deepest).map((place) => [String(place.id), [place.name, place.parent?.name].filter(Boolean).join(', ')]));
  if (chosen.value !== null && !options.has(String(chosen.value))) options.set(String(chosen.value), chosen.name);
  return (
    <Select
      id={id}
      size="md"
      label={label}
      searchable
      clearable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered.
      filter={({ options: all }) => all}
      data={[...options].map(([place, name]) => ({ value: place, label: name }))}
      value={value === null ? null : String(value)}
      onChange={(place) => {
        setChosen({ value: place === null ? null : Number(place), name: place === null ? '' : (options.get(place) ?? '') });
        onChange(place === null ? null : Number(place), place === null ? '' : (options.get(place) ?? ''), data?.find((one) => String(one.id) === place)?.uuid ?? '');
      }}
      error={error}
      nothingFoundMessage={isPending ? t('loading') : t('form.noMatch')}
      maxDropdownHeight={240}
      clearButtonProps={{ 'aria-label': t('form.clear', { field: label }) }}
    />
  );
}
