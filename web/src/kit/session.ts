import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/ApiError';
import { api } from '../api/client';
import { useWorkspace } from './useWorkspace';

/** A workspace a person may enter. */
export interface Workspace {
  id: number;
  code: string;
  name: string;
}

/** An organisation a person acts for. */
export interface Organization {
  id: number;
  name: string;
}

/** The person who is signed in. */
export interface SessionUser {
  id: number;
  name: string;
  first_name: string;
  last_name: string;
  email: string;
  is_staff: boolean;
  is_superuser: boolean;
  language: string;
}

/** One of the people of a demo installation. */
export interface DemoPerson {
  email: string;
  name: string;
  what: string;
}

/** Who is signed in, where, as what, and what they may open: the answer of /api/auth/session/. */
export interface Session {
  user: SessionUser | null;
  workspace: Workspace | null;
  workspaces: Workspace[];
  organization: Organization | null;
  organizations: Organization[];
  roles: string[];
  /** Keys of the menu entries the server lets this person open here. */
  menu: string[];
  demo: DemoPerson[] | null;
  environment: string;
  version: string;
  agency: string;
  /** What an administrator tells everybody here; empty for nothing. */
  notice?: string;
  languages: string[];
  /** What administrators call values of choices, by module.entity.field, value and language. */
  choice_names?: ChoiceNames;
}

/** A session somebody is signed in to, inside a workspace. */
export interface SignedIn extends Session {
  user: SessionUser;
  workspace: Workspace;
}

/** Names of values of choices, by module.entity.field, value and language. */
export type ChoiceNames = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

/** The path both the query and the client's exemption speak of. */
const path = '/api/auth/session/';

/**
 * The session as seen from a workspace, or from none. A workspace the person has no part in gives the session without
 * a workspace instead of an error, so that the caller can offer the others.
 */
export function sessionQuery(workspace: string | null) {
  return queryOptions({
    queryKey: ['session', workspace],
    queryFn: async ({ signal }): Promise<Session> => {
      try {
        return await api.get<Session>(path, { workspace, signal });
      } catch (error) {
        const elsewhere = error instanceof ApiError && (error.status === 403 || error.status === 404) && workspace !== null;
        if (!elsewhere) throw error;
        return { ...(await api.get<Session>(path, { workspace: null, signal })), workspace: null };
      }
    },
    staleTime: 5 * 60_000,
  });
}

/** The signed-in session of the page's workspace; only for components below the workspace route, which has loaded it. */
export function useSession(): SignedIn {
  const { data } = useQuery(sessionQuery(useWorkspace()));
  if (!data?.user || !data.workspace) throw new Error('useSession outside a workspace');
  return { ...data, user: data.user, workspace: data.workspace };
}
