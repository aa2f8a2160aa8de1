import { useTranslation } from 'react-i18next';
import cells from '../../kit/cells.module.css';
import { Tag } from '../../ui/Tag';
import type { RoleRow } from './wire';

/** That a role came with the program, or is blocked. */
export function RoleTags({ role }: { role: RoleRow }) {
  const { t } = useTranslation('account');
  return (
    <span className={cells.tags}>
      {role.shipped ? <Tag tone="info">{t('role.shipped')}</Tag> : null}
      {role.is_blocked ? <Tag tone="warn">{t('role.blocked')}</Tag> : null}
    </span>
  );
}
