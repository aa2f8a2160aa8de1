import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { useToast } from '../../ui/useToast';
import { keys, takeBack } from './queries';
import type { RuleRow } from './wire';

/** After the rules changed: the list is fetched anew, and all else was read under other rules. */
export async function rulesChanged(client: QueryClient, ws: string): Promise<void> {
  await client.invalidateQueries({ queryKey: keys.rows(ws) });
  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'permission' });
}

/** Takes changes of the rules back, one at a time; `busy` is the one under way. */
export function useTakeBack(): { take: (row: RuleRow) => void; busy: number | undefined } {
  const { t } = useTranslation('permission');
  const ws = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  const back = useMutation({
    mutationFn: ({ override }: { override: number; declared: boolean }) => takeBack(ws, override),
    onSuccess: async (_, { declared }) => {
      await rulesChanged(client, ws);
      toast.success({ title: t(declared ? 'saved.on' : 'saved.gone'), text: t('saved.soon') });
    },
    onError: (error) => {
      toast.error(error, t('takeBackFailed'));
    },
  });
  return {
    take: ({ override, declared }) => {
      if (override !== null) back.mutate({ override, declared });
    },
    busy: back.isPending ? back.variables.override : undefined,
  };
}
