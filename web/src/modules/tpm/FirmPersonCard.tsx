import { Button } from '@mantine/core';
import { IconMail, IconPhone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/Avatar';
import { Tag } from '../../ui/Tag';
import type { Member } from './firmQueries';
import styles from './FirmPersonCard.module.css';
import { staffName } from './names';

/** A person of a firm in the list on phones. */
export function FirmPersonCard({ person, onAsk }: { person: Member; onAsk: ((person: Member) => void) | undefined }) {
  const { t } = useTranslation('tpm');
  const { job_title: job = '', phone_number: phone = '' } = person.profile;
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        <Avatar name={staffName(person)} size={32} decorative />
        <span className={styles.words}>
          <bdi className={styles.name}>{staffName(person)}</bdi>
          {job === '' ? null : <bdi className={styles.job}>{job}</bdi>}
        </span>
        <Tag {...(person.has_active_realm && { tone: 'ok' })}>{t(person.has_active_realm ? 'firm.active' : 'firm.inactive')}</Tag>
      </div>
      <a href={`mailto:${person.email}`} className={styles.line}>
        <IconMail size={16} stroke={1.7} aria-hidden />
        <bdi dir="ltr">{person.email}</bdi>
      </a>
      {phone === '' ? null : (
        <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`} className={styles.line}>
          <IconPhone size={16} stroke={1.7} aria-hidden />
          <bdi dir="ltr">{phone}</bdi>
        </a>
      )}
      {onAsk === undefined ? null : (
        <Button
          variant="default"
          aria-label={t(person.has_active_realm ? 'firm.deactivateOne' : 'firm.reactivateOne', { name: staffName(person) })}
          onClick={() => {
            onAsk(person);
          }}
        >
          {t(person.has_active_realm ? 'firm.deactivate' : 'firm.reactivate')}
        </Button>
      )}
    </div>
  );
}
