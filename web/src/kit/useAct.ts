import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/ApiError';
import { useToast } from '../ui/useToast';
import { isConflict } from './form';

/** Carries something out, has all below the key read again, says that it is done, and calls `then`. The error says in one sentence what the server said of all fields. */
export function useAct<Answer = unknown>({ act, reads, done, then }: { act: () => Promise<Answer>; reads: QueryKey; done: string; then: (answer: Answer) => void | Promise<void> }) {
  const client = useQueryClient();
  const toast = useToast();
  const run = useMutation({
    mutationFn: act,
    onSuccess: async (answer) => {
      // First away from what may be gone now, then read the rest again.
      await then(answer);
      void client.invalidateQueries({ queryKey: reads });
      toast.success({ title: done });
    },
    // What somebody else did meanwhile is shown behind; whoever still wants this presses once more.
    onError: (error) => {
      if (isConflict(error)) void client.invalidateQueries({ queryKey: reads });
    },
  });
  return { run: run.mutate, busy: run.isPending, error: run.error === null ? undefined : inOne(run.error) };
}

function inOne(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const said = Object.values(error.fields).flat();
  return said.length === 0 ? error : new ApiError({ status: error.status, code: error.code, message: said.join(' '), requestId: error.requestId, cause: error });
}
