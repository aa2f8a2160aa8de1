import { useRouter, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { changeList, listNames, type ListShape, type ListState, readList, writeList } from './listState';

/**
 * A list's state, kept in the address: Back goes to the filters before, and a copied link shows the same rows. Other
 * search parameters, such as the view, stay. Keep the shape at module level.
 */
export function useListState(shape: ListShape): [ListState, (change: Partial<ListState>) => void] {
  const router = useRouter();
  const raw: unknown = useSearch({ strict: false });
  const state = useMemo(() => readList(isRecord(raw) ? raw : {}, shape), [raw, shape]);
  function change(to: Partial<ListState>) {
    const own = new Set<string>([...listNames, ...shape.filters]);
    const others = Object.entries(isRecord(raw) ? raw : {}).filter(([name]) => !own.has(name));
    void router.navigate({
      to: '.',
      // The search is a plain record here: modules bring their routes as data, so the router knows no types of them.
      search: { ...Object.fromEntries(others), ...writeList(changeList(state, to), shape) },
    });
  }
  return [state, change];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
