import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Organization } from '../../kit/session';

/** What the profile page shows of the signed-in person's profile; the server sends more. */
export interface Profile {
  name: string;
  email: string;
  job_title: string | null;
  phone_number: string | null;
  organization: Organization | null;
  organizations_available: Organization[];
  preferences: { language?: string } | null;
}

/** The own profile, as seen in a workspace. */
export function profileQuery(ws: string) {
  return queryOptions({
    queryKey: ['account', ws, 'profile'],
    queryFn: ({ signal }) => api.get<Profile>('/api/v3/users/profile/', { workspace: ws, signal }),
  });
}
