import { useSuspenseQuery } from '@tanstack/react-query';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { pricelistQuery } from './queries';
import { useKind } from './useKind';
import type { PricelistRecord } from './wire';

/** The price list of the page, which the route has loaded. */
export function usePricelist(): PricelistRecord {
  const { data } = useSuspenseQuery(pricelistQuery(useWorkspace(), useKind(), useParam('list')));
  return data;
}
