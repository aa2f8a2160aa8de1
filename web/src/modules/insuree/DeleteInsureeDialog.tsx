import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Note } from '../../ui/Note';
import { Dialog } from '../../ui/Dialog';
import { Button } from '@mantine/core';
import { PathLink } from '../../kit/PathLink';
import { fullName } from './names';
import { paths } from './paths';
import { deleteInsuree, keys } from './queries';
import styles from './RecordPage.module.css';
import { useAct } from '../../kit/useAct';
import type { Insuree } from './wire';

/** Asks before an insuree is deleted, and says what that means; the head of a family cannot be, and is told the way. */
export function DeleteInsureeDialog({ insuree, onClose }: { insuree: Insuree; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const name = fullName(insuree);
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => deleteInsuree(ws, insuree.id),
    done: t('delete.done', { name }),
    then: () => navigate({ to: paths.insurees(ws) }),
  });
  if (insuree.head && insuree.family !== null) {
    return (
      <Dialog
        opened
        onClose={onClose}
        title={t('delete.title')}
        facts={name}
        buttons={
          <>
            <Button variant="default" size="md" onClick={onClose}>
              {t('ui:close')}
            </Button>
            <Button size="md" component={PathLink} to={paths.family(ws, insuree.family.id)}>
              {t('family.open')}
            </Button>
          </>
        }
      >
        <Note tone="warn" title={t('delete.head')}>
          {t('delete.headText')}
        </Note>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('delete.title')} facts={`${name} · ${insuree.chf_id}`} confirm={t('delete.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('delete.hidden')}</li>
        <li>{t('delete.number')}</li>
        <li>{t('delete.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
