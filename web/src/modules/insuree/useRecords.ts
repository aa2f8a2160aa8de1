import { recordId } from '../../api/ApiError';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { familyQuery, insureeQuery } from './queries';
import type { Family, Insuree } from './wire';

/** The insuree of the page, whom the route has loaded. */
export function useInsuree(): Insuree {
  const { data } = useSuspenseQuery(insureeQuery(useWorkspace(), recordId(useParam('insuree'))));
  return data;
}

/** The family of the page, which the route has loaded. */
export function useFamily(): Family {
  const { data } = useSuspenseQuery(familyQuery(useWorkspace(), recordId(useParam('family'))));
  return data;
}
