import { IconMapPin } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { placeName, staffName } from './names';
import { stateOf } from './status';
import styles from './VisitCard.module.css';
import { VisitChip } from './visitColumns';
import type { VisitRow } from './wire';

/** A visit in the list of a phone. `ownFirm` leaves out the firm, which is the reader's. */
export function VisitCard({ visit, ownFirm }: { visit: VisitRow; ownFirm: boolean }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const partners = (visit.implementing_partners ?? []).map((partner) => partner.name);
  const places = (visit.locations ?? []).map(placeName);
  const dates = visit.start_date ? formats.range(visit.start_date, visit.end_date) : undefined;
  const firm = ownFirm ? undefined : visit.tpm_partner?.name;
  const people = [...(visit.unicef_focal_points ?? []).map((person) => person.name), ...(visit.tpm_partner_focal_points ?? []).map(staffName)];
  return (
    <span className={styles.card}>
      <span className={styles.line}>
        <span className="reference">{visit.reference_number}</span>
        <VisitChip visit={visit} label={t(`status.${stateOf(visit.status)}`)} />
      </span>
      <span className={styles.partners}>{partners.length > 0 ? partners.join(', ') : t('noTasksYet')}</span>
      {places.length > 0 ? (
        <span className={styles.places}>
          <IconMapPin size={16} stroke={1.7} aria-hidden />
          <Clip>{places.join(', ')}</Clip>
        </span>
      ) : null}
      <span className={styles.line}>
        <span className={styles.quiet}>{[dates, firm].filter(Boolean).join(' · ')}</span>
        <span className={styles.people}>
          {people.slice(0, 3).map((name, index) => (
            <Avatar key={index} name={name} size={24} />
          ))}
        </span>
      </span>
    </span>
  );
}
