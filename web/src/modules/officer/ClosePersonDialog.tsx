import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../kit/useAct';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './officer.module.css';
import { paths } from './paths';
import { closePerson, keys } from './queries';
import { fullName, type Kind, type Person } from './wire';

/** Asks before somebody is an officer or a claim administrator no more, and says what that means. */
export function ClosePersonDialog({ kind, person, onClose }: { kind: Kind; person: Person; onClose: () => void }) {
  const { t } = useTranslation('officer');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const name = fullName(person);
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => closePerson(ws, kind, person.id),
    done: t('close.done', { name }),
    then: () => navigate({ to: paths.list(ws, kind) }),
  });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t(`${kind}.closeTitle`)} facts={`${name} · ${person.code}`} confirm={t('close.confirm')}>
      <ul className={styles.consequences}>
        <li>{t(`${kind}.closeHidden`)}</li>
        <li>{t('close.code')}</li>
        {person.user === null ? null : <li>{t('close.user')}</li>}
        <li>{t('close.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
