import { useFormats } from '../i18n/useFormats';
import styles from './Count.module.css';

/** A count behind a word. `mine` puts it on brand ground: it asks for the reader. */
export function Count({ value, mine = false }: { value: number; mine?: boolean }) {
  const formats = useFormats();
  return <span className={mine ? styles.mine : styles.count}>{formats.number(value)}</span>;
}
