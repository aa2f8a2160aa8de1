import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCheck, IconCopy, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { HistoryCard } from '../../kit/HistoryCard';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { QueryBoundary } from '../../kit/QueryBoundary';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { useParam } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { DeleteRoleDialog } from './DeleteRoleDialog';
import { paths } from './paths';
import { RoleTags } from './RoleTags';
import { rightsQuery, roleKey, rolePath, roleQuery, usersQuery } from './schemeQueries';
import styles from './scheme.module.css';
import { useModuleName } from './useModuleName';
import { userName } from './UsersPage';
import type { Role } from './wire';

/** A role: what it lets people do, who holds it, and who changed what of it. */
export default function RolePage() {
  const { t, i18n } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const { data: role } = useSuspenseQuery(roleQuery(ws, useParam('role')));
  const rights = useQuery(rightsQuery(ws, i18n.language));
  const [deleting, setDeleting] = useState(false);
  const own = !role.shipped;
  const may = (what: string) => session.menu.includes(`account.roles.${what}`);
  const parts = useMemo(() => {
    const labels = new Map((rights.data ?? []).flatMap((group) => group.rights.map((right) => [String(right.number), right.label] as const)));
    return { entity: 'account.role_right', given: t('role.given'), taken: t('role.taken'), name: (number: string) => labels.get(number) ?? number };
  }, [rights.data, t]);
  return (
    <>
      <PageHead
        trail={
          <nav aria-label={t('role.trail')}>
            <PathLink to={paths.roles(ws)}>{t('role.title')}</PathLink>
          </nav>
        }
        title={<bdi>{role.name}</bdi>}
        documentTitle={role.name}
        chip={<RoleTags role={role} />}
        facts={role.alt_language === '' ? undefined : <bdi>{role.alt_language}</bdi>}
        end={
          <>
            {may('copy') ? (
              <Button component={PathLink} to={paths.copyOfRole(ws, role.id)} variant="default" leftSection={<IconCopy size={15} stroke={1.7} />}>
                {t('role.duplicate')}
              </Button>
            ) : null}
            {own && may('change') ? (
              <Button component={PathLink} to={paths.editRole(ws, role.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('role.edit')}
              </Button>
            ) : null}
            {own && may('delete') ? (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" size={32} aria-label={t('role.more')}>
                    <IconDots size={17} stroke={1.8} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={16} stroke={1.7} />}
                    onClick={() => {
                      setDeleting(true);
                    }}
                  >
                    {t('role.delete')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        }
      />
      <Columns
        side={
          <>
            <AboutCard role={role} />
            {session.menu.includes('account.users') ? <HoldersCard role={role} /> : null}
          </>
        }
      >
        {own ? null : <Note>{t(role.is_system === 64 ? 'role.all' : 'role.shippedText')}</Note>}
        <RightsCard role={role} />
        <HistoryCard path={rolePath(role.id)} reads={roleKey(ws, role.id)} parts={parts} />
      </Columns>
      {deleting ? (
        <DeleteRoleDialog
          role={role}
          onClose={() => {
            setDeleting(false);
          }}
        />
      ) : null}
      <Outlet />
    </>
  );
}

function AboutCard({ role }: { role: Role }) {
  const { t } = useTranslation('account');
  const formats = useFormats();
  return (
    <Card title={t('role.role')}>
      <Facts>
        <Fact name={t('role.name')}>
          <bdi>{role.name}</bdi>
        </Fact>
        <Fact name={t('role.alt_language')}>{role.alt_language === '' ? null : <bdi>{role.alt_language}</bdi>}</Fact>
        <Fact name={t('role.block')}>{t(role.is_blocked ? 'ui:yes' : 'ui:no')}</Fact>
        <Fact name={t('role.since')}>
          <bdi>{formats.instant(role.validity_from)}</bdi>
        </Fact>
      </Facts>
    </Card>
  );
}

/** The rights that a role holds, by the module whose they are. */
function RightsCard({ role }: { role: Role }) {
  const { t, i18n } = useTranslation('account');
  const nameOf = useModuleName();
  const options = rightsQuery(useSession().workspace.code, i18n.language);
  const rights = useQuery(options);
  const held = new Set(role.rights.map((right) => right.right_id));
  return (
    <Card title={t('role.rights')}>
      <QueryBoundary query={rights} queryKey={options.queryKey} title={t('role.rightsFailed')} skeleton={<SkeletonRows rows={6} />}>
        {(groups) => {
          const some = groups
            .map((group) => ({ ...group, of: group.rights.length, rights: group.rights.filter((right) => role.is_system === 64 || held.has(right.number)) }))
            .filter((group) => group.rights.length > 0);
          if (some.length === 0) return <p className={styles.quiet}>{t('role.noRights')}</p>;
          return some.map((group) => (
            <div key={group.module} className={styles.group}>
              <h3 className={styles.groupHead}>
                {nameOf(group.module)} <span className={styles.quiet}>{t('role.heldOf', { held: group.rights.length, of: group.of })}</span>
              </h3>
              <ul className={styles.given}>
                {group.rights.map((right) => (
                  <li key={right.number}>
                    <IconCheck size={16} stroke={1.8} aria-hidden />
                    <span>
                      {right.label} <span className={styles.number}>{right.number}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          ));
        }}
      </QueryBoundary>
    </Card>
  );
}

const few = 8;

/** Who holds a role in this workspace; the list of users shows all of them. */
function HoldersCard({ role }: { role: Role }) {
  const { t } = useTranslation('account');
  const session = useSession();
  const ws = session.workspace.code;
  const options = usersQuery(ws, { role_id: role.id, page_size: few, ordering: 'last_name' });
  const users = useQuery(options);
  const count = users.data?.count;
  return (
    <Card title={t('role.holders')} note={count === undefined ? undefined : t('users.count', { count })}>
      <QueryBoundary query={users} queryKey={options.queryKey} title={t('users.failed')} skeleton={<SkeletonRows rows={3} />}>
        {(page) =>
          page.count === 0 ? (
            <p className={styles.quiet}>{t('role.noHolders')}</p>
          ) : (
            <>
              <ul className={styles.holders}>
                {page.results.map((user) => (
                  <li key={user.id}>{session.menu.includes('account.users.change') ? <PathLink to={paths.user(ws, user.id)}>{userName(user)}</PathLink> : <bdi>{userName(user)}</bdi>}</li>
                ))}
              </ul>
              {page.count > few ? (
                <PathLink to={paths.usersWith(ws, role.id)} className={styles.more}>
                  {t('role.allHolders', { count: page.count })}
                </PathLink>
              ) : null}
            </>
          )
        }
      </QueryBoundary>
    </Card>
  );
}
