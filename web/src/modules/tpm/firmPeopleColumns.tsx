import { ActionIcon, Tooltip } from '@mantine/core';
import { IconUserCheck, IconUserOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { Column } from '../../kit/columns';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { Tag } from '../../ui/Tag';
import styles from './firmPeopleColumns.module.css';
import type { Member } from './firmQueries';
import { staffName } from './names';

/** The columns of a firm's people; with `onAsk` each row offers to end or renew that the person acts for the firm. */
export function peopleColumns(t: TFunction<'tpm'>, onAsk: ((person: Member) => void) | undefined): Column<Member>[] {
  const columns: Column<Member>[] = [
    {
      id: 'name',
      header: t('tpm:firm.person'),
      sort: 'name',
      width: '26%',
      cell: (person) => (
        <span className={styles.person}>
          <Avatar name={staffName(person)} size={24} decorative />
          <bdi className={styles.name}>{staffName(person)}</bdi>
        </span>
      ),
    },
    { id: 'job', header: t('tpm:firm.job'), from: 700, cell: (person) => <bdi>{person.profile.job_title || '–'}</bdi> },
    {
      id: 'email',
      header: t('tpm:firm.email'),
      sort: 'email',
      cell: (person) => (
        <a href={`mailto:${person.email}`}>
          <Clip ltr>{person.email}</Clip>
        </a>
      ),
    },
    { id: 'phone', header: t('tpm:firm.phone'), width: '156px', from: 820, cell: (person) => <bdi dir="ltr">{person.profile.phone_number || '–'}</bdi> },
    {
      id: 'state',
      header: t('tpm:firm.state'),
      width: '120px',
      cell: (person) => <Tag {...(person.has_active_realm && { tone: 'ok' })}>{t(person.has_active_realm ? 'tpm:firm.active' : 'tpm:firm.inactive')}</Tag>,
    },
  ];
  if (onAsk === undefined) return columns;
  return [
    ...columns,
    {
      id: 'actions',
      header: t('tpm:firm.access'),
      width: '84px',
      align: 'end',
      cell: (person) => {
        const label = t(person.has_active_realm ? 'tpm:firm.deactivateOne' : 'tpm:firm.reactivateOne', { name: staffName(person) });
        return (
          <Tooltip label={label}>
            <ActionIcon
              aria-label={label}
              onClick={() => {
                onAsk(person);
              }}
            >
              {person.has_active_realm ? <IconUserOff size={17} stroke={1.7} /> : <IconUserCheck size={17} stroke={1.7} />}
            </ActionIcon>
          </Tooltip>
        );
      },
    },
  ];
}
