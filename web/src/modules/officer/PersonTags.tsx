import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag';
import type { Person } from './wire';

/** That somebody signs in, and that they work no more. */
export function PersonTags({ person }: { person: Pick<Person, 'has_login' | 'works_to'> }) {
  const { t } = useTranslation('officer');
  return (
    <>
      {person.works_to && person.works_to < today() ? <Tag tone="warn">{t('left')}</Tag> : null}
      {person.has_login ? <Tag tone="info">{t('signsIn')}</Tag> : null}
    </>
  );
}

/** The day in the reader's time zone, as days are written. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
