import { useLocation } from '@tanstack/react-router';
import { kindAt } from './paths';
import type { Kind } from './wire';

/** Whom the page shows. */
export function useKind(): Kind {
  return kindAt(useLocation().pathname);
}

/** What of the server's menu stands for the screens of a kind. */
export const menuOf: Readonly<Record<Kind, string>> = { officers: 'officer.officers', 'claim-admins': 'officer.claim_admins' };
