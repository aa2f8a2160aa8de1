import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../kit/useWorkspace';
import { Avatar } from '../../ui/Avatar';
import { fullName } from './names';
import styles from './Portrait.module.css';
import { photoAddress } from './queries';
import type { Person } from './wire';

/** Somebody's photo, or their initials where there is none or it does not load. `version` changes with the photo; undefined says there is none. */
export function Portrait({ person, version, size, named = false }: { person: Person; version: string | number | null | undefined; size: number; named?: boolean }) {
  const { t } = useTranslation('insuree');
  const ws = useWorkspace();
  const [failed, setFailed] = useState<string>();
  const name = fullName(person);
  if (version === null || version === undefined || failed === String(version)) return <Avatar name={name} size={size} decorative />;
  return (
    <img
      className={styles.photo}
      style={{ inlineSize: size, blockSize: size }}
      src={photoAddress(ws, person.id, version)}
      alt={named ? t('photo.of', { name }) : ''}
      onError={() => {
        setFailed(String(version));
      }}
    />
  );
}
