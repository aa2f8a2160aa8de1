import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Count } from '../../ui/Count';
import { RuleItem } from './RuleItem';
import type { RuleGroup } from './rulesList';
import styles from './RuleSection.module.css';
import type { RuleWords } from './sentence';
import type { RuleRow } from './wire';

/** Hundreds of rules at once help nobody: each record type begins with so many, and more alone on the page. */
const first = 15;
const firstAlone = 60;

/** The rules about one record type. */
export function RuleSection({ group, alone, words, busy, onOff, onBack }: {
  group: RuleGroup;
  /** No other record type is on the page. */
  alone: boolean;
  words: RuleWords;
  /** The change that is being taken back. */
  busy: number | undefined;
  onOff: (row: RuleRow) => void;
  onBack: (row: RuleRow) => void;
}) {
  const { t } = useTranslation('permission');
  const title = useId();
  const [all, setAll] = useState(false);
  const most = all ? group.rules.length : alone ? firstAlone : first;
  const hidden = Math.max(0, group.rules.length - most);
  return (
    <section aria-labelledby={title} className={styles.section}>
      <h2 id={title} className={styles.title}>
        <bdi>{group.label}</bdi> <Count value={group.rules.length} />
      </h2>
      <ul className={styles.rules}>
        {group.rules.slice(0, most).map((rule) => (
          <RuleItem key={rule.key} rule={rule} words={words} busy={busy !== undefined && busy === rule.row.override} onOff={onOff} onBack={onBack} />
        ))}
      </ul>
      {hidden === 0 ? null : (
        <div className={styles.more}>
          <Button
            variant="subtle"
            size="xs"
            onClick={() => {
              setAll(true);
            }}
          >
            {t('more', { count: hidden })}
          </Button>
        </div>
      )}
    </section>
  );
}
