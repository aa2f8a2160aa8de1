import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToast } from '../../ui/useToast';
import { paths } from './paths';
import { deleteVisit, keys } from './queries';
import type { Visit } from './wire';

/** Asks before a draft is removed, and goes back to the list when it is. */
export function DeleteVisitDialog({ visit, opened, onClose }: { visit: Visit; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => deleteVisit(ws, visit.id, visit.version),
    onSuccess: async () => {
      toast.success({ title: t('delete.done', { reference: visit.reference_number }) });
      await navigate({ to: paths.visits(ws) });
      client.removeQueries({ queryKey: keys.visit(ws, visit.id) });
      await client.invalidateQueries({ queryKey: keys.lists(ws) });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate();
      }}
      title={t('delete.title', { reference: visit.reference_number })}
      confirm={t('delete.visit')}
      facts={visit.tpm_partner?.name}
      danger
      busy={remove.isPending}
      error={remove.error}
    >
      {t('delete.text', { count: visit.tpm_activities?.length ?? 0 })}
    </ConfirmDialog>
  );
}
