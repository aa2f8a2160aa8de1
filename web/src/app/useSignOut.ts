import { useMutation } from '@tanstack/react-query';
import { api } from '../api/client';
import { useToast } from '../ui/useToast';

/** Ends the session and starts the app over at the sign-in page, so that nothing loaded before is left in it. */
export function useSignOut() {
  const toast = useToast();
  return useMutation({
    mutationFn: () => api.post<void>('/api/auth/logout/'),
    onSuccess: () => {
      window.location.replace('/login');
    },
    onError: (error) => toast.error(error),
  });
}
