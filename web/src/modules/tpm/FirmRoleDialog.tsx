import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../kit/session';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToast } from '../../ui/useToast';
import { type Group, setRoles } from './firmAccess';
import { type FirmDetail, firmKeys, type Member } from './firmQueries';
import { staffName } from './names';

/** Asks before a person stops acting for a firm in the workspace, or starts again. */
export function FirmRoleDialog({ firm, person, groups, onClose }: { firm: FirmDetail; person: Member; groups: readonly Group[]; onClose: () => void }) {
  const { t } = useTranslation('tpm');
  const { workspace } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const ends = person.has_active_realm;
  const values = { name: staffName(person), firm: firm.name, workspace: workspace.name };
  const change = useMutation({
    mutationFn: () => setRoles(workspace.code, person.id, firm.organization_id, ends ? [] : groups),
    onSuccess: async () => {
      // The firm's own key is the beginning of its people's: both are read again.
      await client.invalidateQueries({ queryKey: firmKeys.firm(workspace.code, firm.id) });
      onClose();
      toast.success({ title: t(ends ? 'firm.deactivated' : 'firm.reactivated', values) });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        change.mutate();
      }}
      title={t(ends ? 'firm.deactivateTitle' : 'firm.reactivateTitle', values)}
      confirm={t(ends ? 'firm.deactivate' : 'firm.reactivate')}
      facts={person.email}
      danger={ends}
      busy={change.isPending}
      error={change.error}
    >
      <p>{t(ends ? 'firm.deactivateText' : 'firm.reactivateText', values)}</p>
    </ConfirmDialog>
  );
}
