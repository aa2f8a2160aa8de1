import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './FacilityPage.module.css';
import { paths } from './paths';
import { closeFacility, keys } from './queries';
import type { Facility } from './wire';

/** Asks before a facility is closed, and says what that means. */
export function CloseFacilityDialog({ facility, onClose }: { facility: Facility; onClose: () => void }) {
  const { t } = useTranslation('facility');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => closeFacility(ws, facility.id),
    done: t('close.done', { name: facility.name }),
    then: () => navigate({ to: paths.facilities(ws) }),
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('close.title')} facts={`${facility.name} · ${facility.code}`} confirm={t('close.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('close.hidden')}</li>
        <li>{t('close.code')}</li>
        <li>{t('close.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
