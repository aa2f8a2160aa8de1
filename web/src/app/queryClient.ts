import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/ApiError';

/** The cache of server data: the only place where it lives. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        // Only what can pass is tried again: a refusal stays a refusal.
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.passing && error.status !== 429,
        retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
      },
      mutations: { retry: false },
    },
  });
}
