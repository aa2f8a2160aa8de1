import { ActionIcon } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar';
import { Card } from '../../ui/Card';
import { staffName } from './names';
import styles from './PeopleCard.module.css';
import { authorOf } from './story';
import type { HistoryEvent, Visit } from './wire';

/** Who has to do with a visit, as far as the reader may know. */
export function PeopleCard({ visit, history }: { visit: Visit; history: readonly HistoryEvent[] | undefined }) {
  const { t } = useTranslation('tpm');
  const author = authorOf(history);
  const people = [
    ...(author === undefined ? [] : [{ key: 'author', name: author, part: t('people.author'), email: '' }]),
    ...(visit.unicef_focal_points ?? []).map((person) => ({ key: `a${person.id}`, name: person.name, part: t('people.agency'), email: '' })),
    ...(visit.tpm_partner_focal_points ?? []).map((person) => ({ key: `f${person.id}`, name: staffName(person), part: t('people.firm'), email: person.email })),
  ];
  if (people.length === 0) return null;
  return (
    <Card title={t('people.title')}>
      <ul className={styles.people}>
        {people.map((person) => (
          <li key={person.key} className={styles.person}>
            <Avatar name={person.name} size={30} decorative />
            <span className={styles.words}>
              <bdi className={styles.name}>{person.name}</bdi>
              <span className={styles.part}>{person.part}</span>
            </span>
            {person.email === '' ? null : (
              <ActionIcon component="a" href={`mailto:${person.email}`} aria-label={t('people.mail', { name: person.name })}>
                <IconMail size={16} stroke={1.7} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
