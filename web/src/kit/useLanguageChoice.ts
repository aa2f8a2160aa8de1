import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client';
import { rememberLanguage, setLanguage } from '../i18n/i18n';
import type { Language } from '../i18n/languages';
import { useToast } from '../ui/useToast';
import type { Session } from './session';

/**
 * How a person chooses the language: at once on the screen, kept on this device and, when signed in, in their profile,
 * where mails find it. `onSaved` is told when the profile has it.
 */
export function useLanguageChoice(signedIn: boolean, onSaved?: () => void): (code: Language) => void {
  const client = useQueryClient();
  const toast = useToast();
  const { mutate } = useMutation({
    mutationFn: (code: Language) => api.patch<void>('/api/v3/users/profile/', { preferences: { language: code } }),
    onSuccess: onSaved,
    onError: (error) => toast.error(error),
  });
  return (code) => {
    rememberLanguage(code);
    void setLanguage(code).then(() => {
      if (!signedIn) return;
      client.setQueriesData<Session>({ queryKey: ['session'] }, (session) =>
        session?.user ? { ...session, user: { ...session.user, language: code } } : session,
      );
      mutate(code);
      // Labels, choices and messages come from the server in the language of the request.
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    });
  };
}
