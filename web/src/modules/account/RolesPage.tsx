import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AddLink } from '../../kit/AddLink';
import cells from '../../kit/cells.module.css';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { quickFilter, useList } from '../../kit/useList';
import { Clip } from '../../ui/Clip';
import { EmptyState } from '../../ui/EmptyState';
import { paths } from './paths';
import { RoleTags } from './RoleTags';
import { rolesParams, rolesShape } from './schemeLists';
import { rolesQuery } from './schemeQueries';
import styles from './scheme.module.css';
import type { RoleRow } from './wire';

/** The roles that users of a scheme hold. */
export default function RolesPage() {
  const { t } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(rolesShape, (state) => rolesQuery(ws, rolesParams(state)));
  const columns = useMemo(() => roleColumns(t), [t]);
  const add = session.menu.includes('account.roles.add') ? <AddLink to={paths.newRole(ws)}>{t('role.add')}</AddLink> : undefined;
  return (
    <ListPage
      list={list}
      title={t('role.title')}
      count={(count) => t('role.count', { count })}
      end={add}
      search={{ label: t('role.search'), hint: t('role.search') }}
      quick={[quickFilter(list, 'own', t('role.own'))]}
      columns={columns}
      rowName={(role) => role.name}
      rowLink={(role) => paths.role(ws, role.id)}
      card={(role) => (
        <span className={styles.words}>
          <bdi className={styles.head}>{role.name}</bdi>
          <RoleTags role={role} />
        </span>
      )}
      failed={t('role.failed')}
      none={<EmptyState drawing="nothing" title={t('role.none')} actions={add} />}
    />
  );
}

function roleColumns(t: TFunction<'account'>): Column<RoleRow>[] {
  return [
    { id: 'name', header: t('account:role.name'), sort: 'name', width: '44%', cell: (role) => <bdi className={cells.name}>{role.name}</bdi> },
    { id: 'other', header: t('account:role.alt_language'), from: 760, cell: (role) => <Clip>{role.alt_language || '–'}</Clip> },
    { id: 'state', header: t('account:role.state'), width: '220px', cell: (role) => <RoleTags role={role} /> },
  ];
}
