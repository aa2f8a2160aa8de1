import { Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconLock } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { LateIcon } from './LateIcon';
import { StateIcon } from './StateIcon';
import type { StateName } from './states';
import styles from './ActionCard.module.css';

/** A line of the check list: done, needs a decision, or blocks. */
export interface Check {
  kind: 'done' | 'decide' | 'blocks';
  text: ReactNode;
  /** The way to close the gap: a link or a button that focuses the spot. */
  fix?: ReactNode;
}

/** A thing the person can do now, or could if `blockedBy` were empty. */
export interface CardAction {
  code: string;
  label: string;
  icon?: ReactNode;
  tone?: 'filled' | 'default' | 'warn' | 'danger';
  /** Reasons in words; with any, the button keeps its place and label, gets a lock, and does nothing. */
  blockedBy?: readonly string[];
  busy?: boolean;
  onAct: () => void;
}

const checkIcons = { done: IconCircleCheck, decide: IconAlertTriangle, blocks: IconLock };

/**
 * Whose turn is it, since when, what is missing, what can I do: the one raised card of a page. `mine` says "Your turn",
 * else `waitingFor` names whom the record waits for.
 */
export function ActionCard({ state, mine, waitingFor, daysLate = 0, title, children, checks = [], actions = [] }: {
  state: StateName;
  mine: boolean;
  waitingFor?: string;
  daysLate?: number;
  title: string;
  children?: ReactNode;
  checks?: readonly Check[];
  actions?: readonly CardAction[];
}) {
  const { t } = useTranslation('ui');
  const headId = useId();
  return (
    <section className={styles.card} data-tone={state} aria-labelledby={headId}>
      <header className={styles.head}>
        <StateIcon state={state} />
        <h2 className={styles.turn} id={headId}>
          {mine ? t('yourTurn') : waitingFor === undefined ? t('nobodysTurn') : t('waitingFor', { name: waitingFor })}
        </h2>
        {daysLate > 0 ? (
          <span className={styles.late}>
            <LateIcon size={15} />
            {t('late.days', { count: daysLate })}
          </span>
        ) : null}
      </header>
      <div className={styles.body}>
        <h3 className={styles.title}>{title}</h3>
        {children === undefined ? null : <div className={styles.text}>{children}</div>}
        {checks.length === 0 ? null : (
          <ul className={styles.checks}>
            {checks.map((check, index) => {
              const Icon = checkIcons[check.kind];
              return (
                <li key={index} className={styles.check} data-kind={check.kind}>
                  <Icon size={16} stroke={1.8} aria-hidden />
                  <span>
                    <VisuallyHidden>{t(`check.${check.kind}`)} </VisuallyHidden>
                    {check.text} {check.fix}
                  </span>
                </li>
              );
            })}
          </ul>
        )}
        {actions.length === 0 ? null : (
          <div className={styles.actions}>
            {actions.map((action) => (
              <ActButton key={action.code} action={action} />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function ActButton({ action }: { action: CardAction }) {
  const reasonId = useId();
  const reasons = action.blockedBy ?? [];
  if (reasons.length === 0) {
    return (
      <Button size="md" variant={action.tone ?? 'default'} leftSection={action.icon} loading={action.busy} onClick={action.onAct}>
        {action.label}
      </Button>
    );
  }
  const reason = reasons.join(' ');
  return (
    <span className={styles.blocked}>
      <Tooltip label={reason} multiline maw={280}>
        <Button
          size="md"
          variant="default"
          fullWidth
          leftSection={<IconLock size={15} stroke={1.8} />}
          aria-disabled="true"
          aria-describedby={reasonId}
          onClick={(event) => {
            event.preventDefault();
          }}
        >
          {action.label}
        </Button>
      </Tooltip>
      <span id={reasonId} className={styles.reason}>
        {reason}
      </span>
    </span>
  );
}
