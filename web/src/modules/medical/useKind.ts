import { useLocation } from '@tanstack/react-router';
import { kindOf } from './paths';
import type { Kind } from './wire';

/** The kind that the page's address names. */
export function useKind(): Kind {
  return kindOf(useLocation().pathname.split('/')[3] ?? '');
}
