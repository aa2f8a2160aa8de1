import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/ApiError';
import { useFormats } from '../../i18n/useFormats';
import { CommentDialog } from '../../ui/CommentDialog';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ApproveDialog } from './ApproveDialog';
import styles from './MoveDialog.module.css';
import { staffName } from './names';
import { ReportSubmitDialog } from './ReportSubmitDialog';
import { SendBackDialog } from './SendBackDialog';
import type { Action, ActionInput, Visit } from './wire';

/** Asks before a move: for a comment where the server wants one, else for a confirmation that says what follows. */
export function MoveDialog({ action, label, visit, busy, error, onClose, onMake }: {
  action: Action;
  label: string;
  visit: Visit;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: Readonly<Record<string, unknown>>) => void;
}) {
  const { t, i18n } = useTranslation('tpm');
  const formats = useFormats();
  const { code } = action;
  const said = (key: string, values: Record<string, string> = {}) => (i18n.exists(`move.${code}.${key}`, { ns: 'tpm' }) ? t(`move.${code}.${key}`, values) : undefined);
  const firm = visit.tpm_partner?.name ?? '';
  const title = said('title', { reference: visit.reference_number }) ?? t('move.title', { action: label, reference: visit.reference_number });
  const facts = [firm, visit.start_date ? formats.range(visit.start_date, visit.end_date) : '', visit.tpm_activities ? t('visit.tasks', { count: visit.tpm_activities.length }) : '']
    .filter((fact) => fact !== '')
    .join(' · ');
  const trouble = conflict(error) ? new ApiError({ status: 409, code: 'conflict', message: t('move.conflict') }) : error;

  const asked = { visit, facts, busy, error: trouble, onClose, onMake };
  if (code === 'approve') return <ApproveDialog {...asked} />;
  if (code === 'reject_report') return <SendBackDialog {...asked} />;
  if (code === 'send_report') return <ReportSubmitDialog {...asked} />;

  const comment = action.input.find((input) => input.required && input.type === 'string');
  if (action.needs_comment && comment !== undefined) {
    return (
      <CommentDialog
        opened
        onClose={onClose}
        onConfirm={(words) => {
          onMake({ [comment.name]: words });
        }}
        title={title}
        confirm={said('confirm') ?? label}
        label={said('comment') ?? comment.label}
        help={said('help', { firm }) ?? ''}
        facts={facts}
        tone={code === 'cancel' || code === 'reject' ? 'danger' : 'warn'}
        busy={busy}
        error={trouble}
        maxLength={Math.min(comment.max_length ?? 4000, 4000)}
      />
    );
  }
  return <PlainMove action={action} title={title} confirm={said('confirm') ?? label} facts={facts} busy={busy} error={trouble} onClose={onClose} onMake={onMake} text={said('text', { firm }) ?? ''} visit={visit} />;
}

function PlainMove({ action, title, confirm, facts, text, visit, busy, error, onClose, onMake }: {
  action: Action;
  title: string;
  confirm: string;
  facts: string;
  text: string;
  visit: Visit;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onMake: (input: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation('tpm');
  const asked = action.input.filter((input) => input.type === 'string' || input.type === 'boolean');
  const [input, setInput] = useState<Record<string, string | boolean>>(() => Object.fromEntries(asked.map(({ name, type }) => [name, type === 'boolean' ? true : ''])));
  const set = (name: string, value: string | boolean) => {
    setInput((before) => ({ ...before, [name]: value }));
  };
  const staff = visit.tpm_partner_focal_points ?? [];
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => {
        // An empty comment is none: the server refuses blank ones.
        onMake(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '')));
      }}
      title={title}
      confirm={confirm}
      facts={facts}
      busy={busy}
      error={error}
    >
      <p>{text}</p>
      {action.code === 'assign' && staff.length > 0 ? (
        <>
          <p className={styles.head}>{t('move.assign.people')}</p>
          <ul className={styles.people}>
            {staff.map((person) => (
              <li key={person.id}>
                <bdi>{staffName(person)}</bdi>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {asked.map((one) => (
        <Asked key={one.name} input={one} value={input[one.name] ?? ''} onChange={set} />
      ))}
    </ConfirmDialog>
  );
}

function Asked({ input, value, onChange }: { input: ActionInput; value: string | boolean; onChange: (name: string, value: string | boolean) => void }) {
  const { t: ui } = useTranslation('ui');
  if (typeof value === 'boolean') {
    return (
      <Checkbox
        label={input.label}
        checked={value}
        onChange={(event) => {
          onChange(input.name, event.currentTarget.checked);
        }}
      />
    );
  }
  return (
    <Textarea
      label={`${input.label} ${ui('optional')}`}
      value={value}
      autosize
      minRows={3}
      maxRows={10}
      onChange={(event) => {
        onChange(input.name, event.currentTarget.value);
      }}
    />
  );
}

function conflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}
