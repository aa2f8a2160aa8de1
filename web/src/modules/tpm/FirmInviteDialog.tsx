import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/client';
import { useSession } from '../../kit/session';
import { Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Note';
import { useToast } from '../../ui/useToast';
import { accessKeys, accessQuery, type Invitation, invite } from './firmAccess';
import styles from './FirmForm.module.css';
import { isEmail, useRefusals } from './firmForm';
import { firmKeys } from './firmQueries';
import { FirmTroubles } from './FirmTroubles';
import { paths } from './paths';
import { useFirm } from './useFirm';

const fields = ['email', 'first_name', 'last_name', 'job_title', 'phone_number'] as const;
type Field = (typeof fields)[number];

const needed: readonly Field[] = ['email', 'first_name', 'last_name'];
const empty: Invitation = { email: '', first_name: '', last_name: '', job_title: '', phone_number: '' };

/** Lets somebody act for the firm: at once when their address is known, else after a review, which is said. */
export default function FirmInviteDialog() {
  const { t } = useTranslation('tpm');
  const { workspace } = useSession();
  const ws = workspace.code;
  const firm = useFirm();
  const form = useId();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const access = useQuery(accessQuery(ws, firm.organization_id));
  const [person, setPerson] = useState(empty);
  const [left, setLeft] = useState<readonly Field[]>([]);
  // One key for what is typed: pressing twice invites once, a corrected entry is another one.
  const [key, setKey] = useState(newKey);
  const idOf = (field: string) => `${form}-${field}`;
  const name = `${person.first_name} ${person.last_name}`.trim();
  const send = useMutation({
    mutationFn: () => invite(ws, firm.organization_id, access.data?.groups ?? [], person, key),
    onSuccess: async (outcome) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: firmKeys.firm(ws, firm.id) }),
        client.invalidateQueries({ queryKey: accessKeys.waiting(ws, firm.organization_id) }),
      ]);
      await navigate({ to: paths.firmPeople(ws, firm.id), replace: true });
      if (outcome === 'waits') toast.success({ title: t('firm.inviteWaits', { name }), text: t('firm.inviteWaitsText') });
      else toast.success({ title: t('firm.inviteDone', { name, firm: firm.name }) });
    },
  });
  const refused = useRefusals(send.error, fields);
  const own = (field: Field): string | undefined => {
    if (!left.includes(field)) return undefined;
    if (needed.includes(field) && person[field].trim() === '') return t(`firm.missing.${field}`);
    return field === 'email' && !isEmail(person.email.trim()) ? t('firm.badEmail') : undefined;
  };

  function close() {
    void navigate({ to: paths.firmPeople(ws, firm.id) });
  }

  function submit() {
    setLeft(fields);
    const wrong = fields.find((field) => (needed.includes(field) && person[field].trim() === '') || (field === 'email' && !isEmail(person.email.trim())));
    if (wrong === undefined) send.mutate();
    else document.getElementById(idOf(wrong))?.focus();
  }

  const input = (field: Field) => (
    <TextInput
      key={field}
      id={idOf(field)}
      size="md"
      type={field === 'email' ? 'email' : field === 'phone_number' ? 'tel' : 'text'}
      dir={field === 'email' || field === 'phone_number' ? 'ltr' : undefined}
      autoComplete="off"
      data-autofocus={field === 'email' || undefined}
      label={`${t(`firm.field.${field}`)} ${t(needed.includes(field) ? 'ui:required' : 'ui:optional')}`}
      aria-required={needed.includes(field)}
      value={person[field]}
      error={own(field) ?? refused.fields[field]}
      onChange={(event) => {
        setPerson({ ...person, [field]: event.currentTarget.value });
        if (send.isError) {
          send.reset();
          setKey(newKey());
        }
      }}
      onBlur={() => {
        if (person[field] !== '') setLeft([...left, field]);
      }}
    />
  );

  return (
    <Dialog
      opened
      onClose={close}
      busy={send.isPending}
      title={t('firm.inviteTitle')}
      facts={t('firm.inviteFacts', { firm: firm.name, workspace: workspace.name })}
      buttons={
        <>
          <Button variant="default" size="md" onClick={close} disabled={send.isPending}>
            {t('ui:cancel')}
          </Button>
          <Button type="submit" form={form} size="md" loading={send.isPending} disabled={access.data?.can_add_user !== true}>
            {t('firm.inviteConfirm')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <FirmTroubles refused={refused} form={form} />
        {access.data?.can_add_user === false ? <Note tone="warn">{t('firm.inviteNotYours')}</Note> : null}
        {input('email')}
        <div className={styles.pair}>
          {input('first_name')}
          {input('last_name')}
          {input('job_title')}
          {input('phone_number')}
        </div>
        <Note tone="info">{t('firm.inviteHelp')}</Note>
      </form>
    </Dialog>
  );
}
