import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { initials, personTone } from './person';
import styles from './Avatar.module.css';

/**
 * A person's initials on one of eight muted pairs chosen from the name. The name is the tooltip and what is read aloud;
 * `decorative` silences it where the name stands beside it.
 */
export function Avatar({ name, size = 24, decorative = false }: { name: string; size?: number; decorative?: boolean }) {
  const { i18n } = useTranslation();
  const tone = personTone(name);
  const circle = (
    <span
      className={styles.avatar}
      style={{ inlineSize: size, blockSize: size, fontSize: Math.max(9, size * 0.38), background: `var(--person-${tone}-bg)`, color: `var(--person-${tone})` }}
      {...(decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name })}
    >
      <span aria-hidden>{initials(name, i18n.language)}</span>
    </span>
  );
  return decorative ? circle : <Tooltip label={name}>{circle}</Tooltip>;
}
