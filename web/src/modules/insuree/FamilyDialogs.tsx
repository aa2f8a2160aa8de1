import { Radio } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { fullName } from './names';
import { paths } from './paths';
import { deleteFamily, keys, removeMember, setHead } from './queries';
import styles from './RecordPage.module.css';
import { useAct } from '../../kit/useAct';
import type { Family, Member } from './wire';

/** Asks before a member is taken out of the family. */
export function RemoveMemberDialog({ family, member, onClose }: { family: Family; member: Member; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const name = fullName(member);
  const { run, busy, error } = useAct({ reads: keys.all(ws), act: () => removeMember(ws, family.uuid, member.uuid), done: t('remove.done', { name }), then: onClose });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} danger title={t('remove.title')} facts={`${name} · ${member.chf_id}`} confirm={t('remove.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('remove.stays')}</li>
        <li>{t('move.cover')}</li>
        <li>{t('remove.back')}</li>
      </ul>
    </ConfirmDialog>
  );
}

/** Asks before somebody becomes the head of the family. */
export function HeadDialog({ family, member, onClose }: { family: Family; member: Member; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const name = fullName(member);
  const { run, busy, error } = useAct({ reads: keys.all(ws), act: () => setHead(ws, family.uuid, member.uuid), done: t('head.done', { name }), then: onClose });
  return (
    <ConfirmDialog opened onClose={onClose} onConfirm={run} busy={busy} error={error} title={t('head.title')} facts={`${name} · ${member.chf_id}`} confirm={t('head.confirm')}>
      <ul className={styles.consequences}>
        <li>{t('head.named', { name })}</li>
        {family.head_insuree === null ? null : <li>{t('head.before', { name: fullName(family.head_insuree) })}</li>}
        <li>{t('head.relations')}</li>
      </ul>
    </ConfirmDialog>
  );
}

/** Asks before a family is deleted, and whether its members go with it. */
export function DeleteFamilyDialog({ family, onClose }: { family: Family; onClose: () => void }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const navigate = useNavigate();
  const [members, setMembers] = useState<'stay' | 'go'>('stay');
  const count = family.members.length;
  const { run, busy, error } = useAct({
    reads: keys.all(ws),
    act: () => deleteFamily(ws, family.uuid, members === 'go'),
    done: t('dissolve.done'),
    then: () => navigate({ to: paths.insurees(ws) }),
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={run}
      busy={busy}
      error={error}
      danger
      title={t('dissolve.title')}
      facts={t('family.of', { name: family.head_insuree === null ? '–' : fullName(family.head_insuree) })}
      confirm={t(members === 'go' ? 'dissolve.confirmAll' : 'dissolve.confirm')}
    >
      <Radio.Group
        label={t('dissolve.members', { count })}
        value={members}
        onChange={(value) => {
          setMembers(value === 'go' ? 'go' : 'stay');
        }}
      >
        <div className={styles.choice}>
          <Radio value="stay" label={t('dissolve.stay')} description={t('dissolve.stayText')} />
          <Radio value="go" label={t('dissolve.go')} description={t('dissolve.goText', { count })} />
        </div>
      </Radio.Group>
      <ul className={styles.consequences}>
        <li>{t('move.cover')}</li>
        <li>{t('delete.kept')}</li>
      </ul>
    </ConfirmDialog>
  );
}
