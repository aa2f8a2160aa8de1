import { useFormats } from '../../i18n/useFormats';
import styles from './SendBackReasons.module.css';
import type { SendBackReason } from './wire';

/** Why a report was sent back, each time, as given. */
export function SendBackReasons({ reasons }: { reasons: readonly SendBackReason[] }) {
  const formats = useFormats();
  return (
    <ul className={styles.list}>
      {reasons.map((reason) => (
        <li key={reason.id}>
          <bdi className={styles.when}>{formats.instant(reason.rejected_at)}</bdi>
          <bdi className={styles.words}>{reason.reject_reason}</bdi>
        </li>
      ))}
    </ul>
  );
}
