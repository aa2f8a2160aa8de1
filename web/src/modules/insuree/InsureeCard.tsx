import { IconCalendar, IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { Avatar } from '../../ui/Avatar';
import styles from './InsureeCard.module.css';
import { placeOf, Tags } from './insureeColumns';
import { fullName, useWords } from './names';
import { placeName } from '../../kit/places';
import type { InsureeRow } from './wire';

/** An insuree in the list on phones. */
export function InsureeCard({ row }: { row: InsureeRow }) {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const gender = useWords('gender');
  const place = placeName(placeOf(row));
  return (
    <span className={styles.card}>
      <Avatar name={fullName(row)} size={40} decorative />
      <span className={styles.words}>
        <span className={styles.head}>
          <bdi className={styles.name}>{fullName(row)}</bdi>
          <Tags row={row} t={t} />
        </span>
        <span className={styles.line}>
          <span className="reference">{row.chf_id}</span>
        </span>
        <span className={styles.line}>
          <IconCalendar size={16} stroke={1.7} aria-hidden />
          <span>
            <bdi>{formats.date(row.dob)}</bdi>
            {row.age === null ? null : ` · ${t('years', { count: row.age })}`}
            {row.gender === null ? null : ` · ${gender(row.gender)}`}
          </span>
        </span>
        {place === '' ? null : (
          <span className={styles.line}>
            <IconMapPin size={16} stroke={1.7} aria-hidden />
            <bdi>{place}</bdi>
          </span>
        )}
      </span>
    </span>
  );
}
