import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen is as narrow as a phone's: the order of what comes first differs there. */
export function usePhone(): boolean {
  return useMediaQuery('(max-width: 767.98px)', false, { getInitialValueInEffect: false });
}
