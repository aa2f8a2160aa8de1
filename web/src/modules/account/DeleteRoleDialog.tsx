import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../kit/session';
import { useAct } from '../../kit/useAct';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { paths } from './paths';
import { deleteRole, schemeKeys, usersQuery } from './schemeQueries';
import styles from './scheme.module.css';
import type { Role } from './wire';

/** Asks before a role ends, and says what that means for whoever holds it. */
export function DeleteRoleDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const navigate = useNavigate();
  const holders = useQuery({ ...usersQuery(ws, { role_id: role.id, page_size: 1 }), enabled: session.menu.includes('account.users') }).data?.count;
  const { run, busy, error } = useAct({
    reads: schemeKeys.all(ws),
    act: () => deleteRole(ws, role),
    done: t('role.deleted', { name: role.name }),
    then: () => navigate({ to: paths.roles(ws) }),
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('role.deleteTitle')} facts={role.name} confirm={t('role.delete')}>
      <ul className={styles.consequences}>
        {holders === undefined ? null : <li>{holders === 0 ? t('role.noHolders') : t('role.deleteHolders', { count: holders })}</li>}
        {holders === 0 ? null : <li>{t('role.deleteRights')}</li>}
        <li>{t('role.deleteKept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
