import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import { choicesQuery } from '../../kit/choices';
import cells from '../../kit/cells.module.css';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { quickFilter, useList } from '../../kit/useList';
import { useWorkspace } from '../../kit/useWorkspace';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { EmptyState } from '../../ui/EmptyState';
import type { ChoiceFilter, Filter } from '../../ui/filters';
import { Tag } from '../../ui/Tag';
import { paths } from './paths';
import { kinds, usersParams, usersShape } from './schemeLists';
import { districts, rolesQuery, usersQuery } from './schemeQueries';
import styles from './scheme.module.css';
import type { UserRow } from './wire';

/** The users of a scheme: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function UsersPage() {
  const { t } = useTranslation('account');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(usersShape, (state) => usersQuery(ws, usersParams(state)));
  const columns = useMemo(() => userColumns(t, formats), [t, formats]);
  const add = session.menu.includes('account.users.add') ? <AddLink to={paths.newUser(ws)}>{t('users.add')}</AddLink> : undefined;
  const change = session.menu.includes('account.users.change');
  return (
    <ListPage
      list={list}
      title={t('users.title')}
      count={(count) => t('users.count', { count })}
      end={add}
      search={{ label: t('users.search'), hint: t('users.searchHint') }}
      quick={[quickFilter(list, 'gone', t('users.gone'))]}
      filters={useUserFilters()}
      columns={columns}
      rowName={userName}
      {...(change && { rowLink: (row: UserRow) => paths.user(ws, row.id) })}
      card={(row) => <UserCard row={row} />}
      failed={t('users.failed')}
      none={
        <EmptyState drawing="nothing" title={t('users.none')} actions={add}>
          {t('users.noneText')}
        </EmptyState>
      }
    />
  );
}

/** Somebody's name as it is spoken, else the login name. */
export function userName({ other_names, last_name, username }: Pick<UserRow, 'other_names' | 'last_name' | 'username'>): string {
  return [other_names, last_name].filter(Boolean).join(' ') || username;
}

function userColumns(t: TFunction<'account'>, formats: Formats): Column<UserRow>[] {
  return [
    {
      id: 'name',
      header: t('account:users.name'),
      sort: 'name',
      width: '26%',
      cell: (row) => (
        <span className={cells.person}>
          <Avatar name={userName(row)} size={26} decorative />
          <bdi className={cells.name}>{userName(row)}</bdi>
        </span>
      ),
    },
    { id: 'login', header: t('account:users.login'), sort: 'login', cell: (row) => <Clip>{row.username}</Clip> },
    { id: 'kinds', header: t('account:users.what'), width: '30%', cell: (row) => <Kinds row={row} t={t} /> },
    { id: 'facility', header: t('account:users.facility'), from: 980, cell: (row) => <Clip>{row.health_facility?.name ?? '–'}</Clip> },
    { id: 'seen', header: t('account:users.seen'), sort: 'seen', width: '150px', from: 760, cell: (row) => (row.last_login_at === null ? '–' : <bdi>{formats.date(row.last_login_at)}</bdi>) },
  ];
}

/** What somebody is: the roles that they hold, officer, claim administrator; that they are gone. */
function Kinds({ row, t }: { row: UserRow; t: TFunction<'account'> }) {
  return (
    <span className={cells.tags}>
      {row.is_active ? null : <Tag tone="warn">{t('account:users.isGone')}</Tag>}
      {row.officer ? <Tag tone="info">{t('account:kind.OFFICER')}</Tag> : null}
      {row.claim_admin ? <Tag tone="info">{t('account:kind.CLAIM_ADMIN')}</Tag> : null}
      {row.i_user?.roles.map((role) => <Tag key={role.id}>{role.name}</Tag>)}
    </span>
  );
}

function UserCard({ row }: { row: UserRow }) {
  const { t } = useTranslation('account');
  return (
    <span className={styles.card}>
      <Avatar name={userName(row)} size={40} decorative />
      <span className={styles.words}>
        <bdi className={styles.head}>{userName(row)}</bdi>
        <bdi className={styles.line}>{[row.username, row.phone].filter(Boolean).join(' · ')}</bdi>
        <Kinds row={row} t={t} />
      </span>
    </span>
  );
}

function useUserFilters(): Filter[] {
  const { t } = useTranslation('account');
  return useMemo(
    (): Filter[] => [
      { kind: 'choice', name: 'kind', label: t('users.kind'), single: true, useOptions: () => ({ options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })) }) },
      { kind: 'choice', name: 'role', label: t('users.role'), single: true, useOptions: useRoles },
      { kind: 'choice', name: 'place', label: t('users.district'), single: true, useOptions: useDistricts },
    ],
    [t],
  );
}

const useRoles: ChoiceFilter['useOptions'] = () => {
  const { data, isPending } = useQuery(rolesQuery(useWorkspace(), { page_size: 200 }));
  return { options: (data?.results ?? []).map((role) => ({ value: String(role.id), label: role.name })), loading: isPending };
};

const useDistricts: ChoiceFilter['useOptions'] = (typed) => {
  const { data, isPending } = useQuery(choicesQuery(useWorkspace(), districts, typed));
  return { options: (data ?? []).map((place) => ({ value: `1.${place.id}`, label: [place.name, place.hint].filter(Boolean).join(' · ') })), loading: isPending };
};
