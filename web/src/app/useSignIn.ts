import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/ApiError';
import { api } from '../api/client';
import type { Session } from '../kit/session';

/** What a person signs in with. */
export interface Credentials {
  email: string;
  password: string;
}

/** Signs in and puts the answered session into the cache. */
export function useSignIn(onDone: (session: Session) => Promise<void> | void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => api.post<Session>('/api/auth/login/', credentials, { workspace: null, signingIn: true }),
    onSuccess: async (session) => {
      client.setQueryData(['session', null], session);
      await onDone(session);
    },
  });
}

/** The server said that these credentials are not right, as against any other trouble. */
export function isWrongCredentials(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
