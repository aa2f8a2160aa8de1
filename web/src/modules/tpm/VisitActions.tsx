import { IconArrowBackUp, IconBan, IconCheck, IconSend, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { ActionCard, type CardAction, type Check } from '../../ui/ActionCard';
import { useToast } from '../../ui/useToast';
import { MoveDialog } from './MoveDialog';
import { paths } from './paths';
import { stateOf } from './status';
import { authorOf, reachedStates } from './story';
import { taskRights } from './useVisit';
import styles from './VisitActions.module.css';
import { useVisitMove } from './useVisitChange';
import type { Action, HistoryEvent, Visit } from './wire';

const icons: Record<string, ReactNode> = {
  assign: <IconSend size={16} stroke={1.8} />,
  accept: <IconCheck size={16} stroke={1.8} />,
  reject: <IconX size={16} stroke={1.8} />,
  cancel: <IconBan size={16} stroke={1.8} />,
  send_report: <IconSend size={16} stroke={1.8} />,
  approve: <IconCheck size={16} stroke={1.8} />,
  reject_report: <IconArrowBackUp size={16} stroke={1.8} className={styles.mirrored} />,
};

/** Moves that need no second thought: made at once. */
const atOnce = new Set(['accept']);

/** Whose turn it is with a visit, since when, what is missing, and what the reader can do: all as the server said. */
export function VisitActions({ visit, history }: { visit: Visit; history: readonly HistoryEvent[] | undefined }) {
  const { t, i18n } = useTranslation('tpm');
  const formats = useFormats();
  const session = useSession();
  const toast = useToast();
  const move = useVisitMove(visit.id);
  const [asked, setAsked] = useState<Action>();
  const checks = useChecks(visit);

  const state = stateOf(visit.status);
  const mine = visit.actions.some((action) => action.code !== 'cancel');
  const firm = visit.tpm_partner?.name ?? t('turn.noFirm');
  const author = authorOf(history) ?? t('turn.planner');
  const waitingFor = { draft: author, assigned: firm, accepted: firm, rejected: author, reported: session.agency, sent_back: firm, approved: undefined, cancelled: undefined }[state];
  const last = reachedStates(visit, history).at(-1);
  const blocked = visit.actions.some((action) => action.primary && action.blocked_by.length > 0);
  const title = t(`turn.${state}.${mine ? (blocked && state === 'draft' ? 'blocked' : 'mine') : 'theirs'}`, { firm });
  const facts = { firm, date: formats.date(visit.status_date), person: last?.person ?? author };

  function label(action: Action): string {
    const known = action.code === 'assign' && state === 'rejected' ? 'move.reassign.label' : `move.${action.code}.label`;
    return i18n.exists(known, { ns: 'tpm' }) ? t(known) : action.label;
  }

  function make(action: Action, input: Readonly<Record<string, unknown>> = {}, shown: 'dialog' | 'card') {
    move.mutate(
      { version: visit.version, code: action.code, input },
      {
        onSuccess: () => {
          setAsked(undefined);
          const done = `move.${action.code}.done`;
          toast.success({ title: t(i18n.exists(done, { ns: 'tpm' }) ? done : 'move.done', { reference: visit.reference_number, firm, action: label(action) }) });
        },
        // In a dialog the error stays in the dialog.
        onError: (error) => (shown === 'card' ? toast.error(error, t('move.failed', { action: label(action) })) : undefined),
      },
    );
  }

  const actions = [...visit.actions].sort((a, b) => rank(a) - rank(b)).map(
    (action): CardAction => ({
      code: action.code,
      label: atOnce.has(action.code) ? label(action) : t('move.asks', { action: label(action) }),
      icon: icons[action.code],
      tone: action.primary ? 'filled' : action.code === 'reject_report' ? 'warn' : action.code === 'cancel' ? 'danger' : 'default',
      blockedBy: action.blocked_by.length > 0 ? [t('turn.opensWhen', { action: label(action) })] : [],
      busy: move.isPending && move.variables.code === action.code && asked === undefined,
      onAct: () => {
        move.reset();
        if (atOnce.has(action.code)) make(action, {}, 'card');
        else setAsked(action);
      },
    }),
  );

  return (
    <>
      <ActionCard state={state} mine={mine} {...(waitingFor !== undefined && { waitingFor })} title={title} checks={checks} actions={actions}>
        {t(`turn.${state}.text`, facts)}
      </ActionCard>
      {asked === undefined ? null : (
        <MoveDialog
          key={asked.code}
          action={asked}
          label={label(asked)}
          visit={visit}
          busy={move.isPending}
          error={move.error}
          onClose={() => {
            setAsked(undefined);
          }}
          onMake={(input) => {
            make(asked, input, 'dialog');
          }}
        />
      )}
    </>
  );
}

function rank(action: Action): number {
  return action.primary ? 0 : action.code === 'cancel' ? 2 : 1;
}

/** What the way forward needs: what is there, and what is missing with a link to the spot. */
function useChecks(visit: Visit): Check[] {
  const { t, i18n } = useTranslation('tpm');
  const ws = useWorkspace();
  const ref = useParam('ref');
  const { add } = taskRights(visit);
  const forward = visit.actions.find((action) => action.primary);
  if (forward === undefined) return [];
  const tasks = visit.tpm_activities ?? [];
  const blockers = new Map(forward.blocked_by.map((blocker) => [blocker.field, blocker]));
  const unnamed = tasks.find((task) => task.unicef_focal_points?.length === 0);
  const ways: Record<string, { to: string; text: string } | undefined> = {
    tpm_partner_focal_points: { to: `${paths.edit(ws, ref)}?field=tpm_partner_focal_points`, text: t('fix.choose') },
    tpm_activities: add ? { to: paths.newTask(ws, ref), text: t('fix.addTask') } : undefined,
    unicef_focal_points: unnamed
      ? { to: `${paths.task(ws, ref, unnamed.id)}?field=unicef_focal_points`, text: t('fix.choose') }
      : add
        ? { to: paths.newTask(ws, ref), text: t('fix.addTask') }
        : undefined,
    report_attachments: { to: paths.report(ws, ref), text: t('fix.addReport') },
  };

  const missing = [...blockers.values()].map((blocker): Check => {
    const field = blocker.field === 'unicef_focal_points' && tasks.length === 0 ? 'tpm_activities' : blocker.field;
    const known = `blocker.${field}`;
    const way = ways[blocker.field];
    return {
      kind: 'blocks',
      text: i18n.exists(known, { ns: 'tpm' }) ? t(known) : blocker.message,
      fix: way ? <PathLink to={way.to}>{way.text}</PathLink> : undefined,
    };
  });
  if (forward.code !== 'assign') return missing;
  const has = [
    { field: 'tpm_activities', text: t('has.tasks', { count: tasks.length }), there: tasks.length > 0 },
    { field: 'unicef_focal_points', text: t('has.agency', { count: visit.unicef_focal_points?.length ?? 0 }), there: (visit.unicef_focal_points?.length ?? 0) > 0 },
    { field: 'tpm_partner_focal_points', text: t('has.firm', { count: visit.tpm_partner_focal_points?.length ?? 0 }), there: (visit.tpm_partner_focal_points?.length ?? 0) > 0 },
  ];
  return [...missing, ...has.filter((one) => one.there && !blockers.has(one.field)).map((one): Check => ({ kind: 'done', text: one.text }))];
}
