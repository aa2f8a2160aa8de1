import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './medical.module.css';
import { paths } from './paths';
import { closeEntry, keys } from './queries';
import type { Entry, Kind } from './wire';

/** Asks before something leaves the catalogue, and says what that means. */
export function CloseEntryDialog({ kind, entry, onClose }: { kind: Kind; entry: Entry; onClose: () => void }) {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => closeEntry(ws, kind, entry.id),
    done: t('close.done', { name: entry.name }),
    then: () => navigate({ to: paths.catalogue(ws, kind), search: true, ignoreBlocker: true }),
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('close.title')} facts={`${entry.code} · ${entry.name}`} confirm={t('close.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('close.lists')}</li>
        <li>{t('close.claims')}</li>
        <li>{t('close.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
