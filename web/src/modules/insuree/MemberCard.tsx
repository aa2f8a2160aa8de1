import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowsExchange, IconCrown, IconDots, IconUserMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { Tag } from '../../ui/Tag';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { Portrait } from './Portrait';
import styles from './RecordPage.module.css';
import { StatusTag } from './StatusTag';
import type { Member } from './wire';

/** What can be asked about a member. */
export type MemberAct = 'head' | 'move' | 'remove';

const icons = { head: IconCrown, move: IconArrowsExchange, remove: IconUserMinus };

/** A member of a family: photo, name, age and relation, and what can be done. The head stays until there is another one. */
export function MemberCard({ member, onAsk }: { member: Member; onAsk: (act: MemberAct) => void }) {
  const { t } = useTranslation('insuree');
  const { menu, workspace } = useSession();
  const relation = useWords('relationship');
  const gender = useWords('gender');
  const acts: MemberAct[] = member.head
    ? []
    : [
        ...(menu.includes('insuree.families.change') ? (['head'] as const) : []),
        ...(menu.includes('insuree.families.change') && menu.includes('insuree.insurees.change') ? (['move'] as const) : []),
        ...(menu.includes('insuree.insurees.delete') ? (['remove'] as const) : []),
      ];
  const name = fullName(member);
  const facts = [member.age === null ? '' : t('years', { count: member.age }), gender(member.gender)].filter(Boolean);
  return (
    <li className={styles.member}>
      <Portrait person={member} version={member.photo_date} size={52} />
      <span className={styles.words}>
        <PathLink to={paths.insuree(workspace.code, member.id)} className={styles.name}>
          <bdi>{name}</bdi>
        </PathLink>
        <span className="reference">{member.chf_id}</span>
        <span>{facts.join(' · ')}</span>
        <span className={styles.tags}>
          {member.head ? <Tag tone="info">{t('tag.head')}</Tag> : <Tag>{relation(member.relationship) || t('tag.member')}</Tag>}
          <StatusTag status={member.status} />
        </span>
      </span>
      {acts.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={t('family.actions', { name })}>
              <IconDots size={17} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {acts.map((act) => {
              const Icon = icons[act];
              return (
                <Menu.Item
                  key={act}
                  leftSection={<Icon size={16} stroke={1.7} />}
                  onClick={() => {
                    onAsk(act);
                  }}
                >
                  {t(`${act}.open`)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
