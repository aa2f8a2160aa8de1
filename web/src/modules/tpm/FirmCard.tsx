import { IconMail, IconMapPin, IconPhone } from '@tabler/icons-react';
import { Clip } from '../../ui/Clip';
import { firmPlace } from './firmColumns';
import { FirmTags } from './FirmTags';
import styles from './FirmCard.module.css';
import type { Firm } from './wire';

/** A firm in the list on phones. */
export function FirmCard({ firm }: { firm: Firm }) {
  const lines = [
    { key: 'place', icon: IconMapPin, text: firmPlace(firm), ltr: false },
    { key: 'phone', icon: IconPhone, text: firm.phone_number, ltr: true },
    { key: 'email', icon: IconMail, text: firm.email, ltr: true },
  ].filter((line) => line.text !== '');
  return (
    <span className={styles.card}>
      <span className={styles.head}>
        <span className="reference">{firm.vendor_number}</span>
        <span className={styles.tags}>
          <FirmTags firm={firm} />
        </span>
      </span>
      <bdi className={styles.name}>{firm.name}</bdi>
      {lines.map(({ key, icon: Icon, text, ltr }) => (
        <span key={key} className={styles.line}>
          <Icon size={16} stroke={1.7} aria-hidden />
          <Clip ltr={ltr}>{text}</Clip>
        </span>
      ))}
    </span>
  );
}
