import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { api } from '../api/client';
import { useToast } from '../ui/useToast';

/** Ends the session, forgets everything that was loaded, and shows the sign-in page. */
export function useSignOut() {
  const client = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  return useMutation({
    mutationFn: () => api.post<void>('/api/auth/logout/'),
    onSuccess: async () => {
      // Away first: pages that are still shown would ask for their data again, signed out.
      client.removeQueries({ queryKey: ['session', null] });
      await router.navigate({ to: '/login' });
      client.clear();
    },
    onError: (error) => toast.error(error),
  });
}
