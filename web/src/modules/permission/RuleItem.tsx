import { Button, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Note } from '../../ui/Note';
import { Tag } from '../../ui/Tag';
import { ChangeNote } from './ChangeNote';
import styles from './RuleItem.module.css';
import { isChanged, type ListedRule } from './rulesList';
import type { RuleWords } from './sentence';
import type { RuleRow } from './wire';

/** A rule: its sentence, what it is made of, who changed it and why, and the way to change it. */
export function RuleItem({ rule, words, busy, onOff, onBack }: {
  rule: ListedRule;
  words: RuleWords;
  busy: boolean;
  onOff: (row: RuleRow) => void;
  onBack: (row: RuleRow) => void;
}) {
  const { t } = useTranslation('permission');
  const sentence = useId();
  const { row } = rule;
  return (
    <li className={styles.rule} data-off={!row.in_force || undefined} data-changed={isChanged(row) || undefined}>
      <div className={styles.words}>
        <p id={sentence} className={styles.sentence}>
          {rule.sentence}
        </p>
        <ul className={styles.chips} aria-label={t('parts')}>
          <li>
            <Tag tone={row.effect === 'allow' ? 'ok' : 'danger'}>{t(`effect.${row.effect}`)}</Tag>
          </li>
          <li>
            <Tag>{t(`kind.${row.kind}`)}</Tag>
          </li>
          <li>
            <Tag>
              <bdi>{row.part_label}</bdi>
            </Tag>
          </li>
          {row.when.map((name) => (
            <li key={name}>
              <Tag tone="info">
                <bdi>{words.condition(name)}</bdi>
              </Tag>
            </li>
          ))}
        </ul>
        {isChanged(row) ? <ChangeNote row={row} /> : null}
        {row.trouble === '' ? null : <Note tone="warn">{t('trouble', { text: row.trouble })}</Note>}
      </div>
      <div className={styles.end}>
        {row.declared ? (
          <>
            {row.in_force ? null : <span className={styles.off}>{t('isOff')}</span>}
            <Switch
              checked={row.in_force}
              disabled={busy || (!row.in_force && row.override === null)}
              aria-label={t('inForce')}
              aria-describedby={sentence}
              onChange={() => {
                if (row.in_force) onOff(row);
                else onBack(row);
              }}
            />
          </>
        ) : (
          <Button
            variant="default"
            size="xs"
            loading={busy}
            aria-describedby={sentence}
            onClick={() => {
              onBack(row);
            }}
          >
            {t('takeBack')}
          </Button>
        )}
      </div>
    </li>
  );
}
