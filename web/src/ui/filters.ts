import type { ReactNode } from 'react';

/** Something to choose in a filter. */
export interface FilterOption {
  value: string;
  label: string;
  icon?: ReactNode;
  count?: number;
}

/** A filter by one or several of many values. */
export interface ChoiceFilter {
  kind: 'choice';
  /** Names the values in `FilterValues`. */
  name: string;
  label: string;
  single?: boolean;
  /**
   * A hook giving the options for what was typed. It must also give those of the chosen values when it can, so that
   * they are shown by name.
   */
  useOptions: (typed: string, chosen: readonly string[]) => { options: readonly FilterOption[]; loading?: boolean };
}

/** A filter by a span of days; either end may stay open. */
export interface DatesFilter {
  kind: 'dates';
  name: string;
  label: string;
  /** Where the first and the last day are kept in `FilterValues`. */
  from: string;
  to: string;
}

/** A filter of a list. */
export type Filter = ChoiceFilter | DatesFilter;

/** What is chosen, by name. Names without values are left out. */
export type FilterValues = Readonly<Record<string, readonly string[]>>;

/** Filters of which something is chosen. */
export function chosenFilters(filters: readonly Filter[], values: FilterValues): Filter[] {
  return filters.filter((filter) => namesOf(filter).some((name) => (values[name] ?? []).length > 0));
}

/** The values without those of one filter. */
export function withoutFilter(values: FilterValues, filter: Filter): FilterValues {
  const gone = new Set(namesOf(filter));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !gone.has(name)));
}

/** The values with those of one name replaced; an empty choice removes the name. */
export function withValues(values: FilterValues, name: string, chosen: readonly string[]): FilterValues {
  const rest = Object.fromEntries(Object.entries(values).filter(([other]) => other !== name));
  return chosen.length === 0 ? rest : { ...rest, [name]: chosen };
}

function namesOf(filter: Filter): string[] {
  return filter.kind === 'dates' ? [filter.from, filter.to] : [filter.name];
}
