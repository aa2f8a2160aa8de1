import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { Card } from '../../ui/Card';
import { Tag } from '../../ui/Tag';
import { Fact, Facts } from '../../ui/Facts';
import { DeleteFamilyDialog, HeadDialog, RemoveMemberDialog } from './FamilyDialogs';
import { FurtherFacts } from '../../kit/FurtherFacts';
import { HistoryCard } from '../../kit/HistoryCard';
import { MemberCard, type MemberAct } from './MemberCard';
import { MoveMemberDialog } from './MoveMemberDialog';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { placeName, placePath } from '../../kit/places';
import { families, keys } from './queries';
import styles from './RecordPage.module.css';
import { useFamily } from './useRecords';
import type { Member } from './wire';

/** A family: its head, where it lives, its members and what can be done about them, and what happened. */
export default function FamilyPage() {
  const { t } = useTranslation('insuree');
  const session = useSession();
  const ws = session.workspace.code;
  const family = useFamily();
  const kind = useWords('family_type');
  const confirmed = useWords('confirmation_type');
  const [asked, setAsked] = useState<{ act: MemberAct; member: Member }>();
  const [deleting, setDeleting] = useState(false);
  const title = t('family.of', { name: family.head_insuree === null ? '–' : fullName(family.head_insuree) });
  // The head first, then by age.
  const members = family.members.toSorted((a, b) => Number(b.head) - Number(a.head) || (a.dob ?? '').localeCompare(b.dob ?? ''));
  const village = placePath(family.location);
  const done = () => {
    setAsked(undefined);
  };
  return (
    <>
      <PageHead
        trail={
          <nav aria-label={t('trail')}>
            <PathLink to={paths.insurees(ws)}>{t('list.title')}</PathLink>
          </nav>
        }
        title={title}
        chip={family.poverty ? <Tag tone="warn">{t('tag.poor')}</Tag> : undefined}
        facts={
          <>
            {t('family.members', { count: members.length })}
            {family.location === null ? null : (
              <>
                {' · '}
                <bdi>{placeName(family.location)}</bdi>
              </>
            )}
          </>
        }
        end={
          <>
            {session.menu.includes('insuree.families.change') ? (
              <Button component={PathLink} to={paths.editFamily(ws, family.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('edit.open')}
              </Button>
            ) : null}
            {session.menu.includes('insuree.insurees.add') ? (
              <Button component={PathLink} to={paths.newMember(ws, family.id)} leftSection={<IconPlus size={16} stroke={1.8} />}>
                {t('add.member')}
              </Button>
            ) : null}
            {session.menu.includes('insuree.families.delete') ? (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" size={32} aria-label={t('more')}>
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
                    {t('dissolve.open')}
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
            <Card title={t('about')}>
              <Facts>
                <Fact name={t('field.village')}>{village.length === 0 ? '' : <bdi>{village.toReversed().join(', ')}</bdi>}</Fact>
                <Fact name={t('field.address')}>{family.address}</Fact>
                <Fact name={t('field.kind')}>{kind(family.family_type)}</Fact>
                <Fact name={t('field.poor')}>{family.poverty === null ? '' : t(family.poverty ? 'yes' : 'no')}</Fact>
                <Fact name={t('field.confirmedBy')}>{confirmed(family.confirmation_type)}</Fact>
                <Fact name={t('field.confirmation')}>{family.confirmation_no === '' ? '' : <span className="reference">{family.confirmation_no}</span>}</Fact>
              </Facts>
              <FurtherFacts path={`${families}${family.id}/`} reads={keys.family(ws, family.id)} values={family.extensions} />
            </Card>
            <HistoryCard path={`${families}${family.id}/`} reads={keys.family(ws, family.id)} />
          </>
        }
      >
        <Card title={t('family.membersTitle')} flush>
          <ul className={styles.members}>
            {members.map((member) => (
              <MemberCard
                key={member.id}
                member={member}
                onAsk={(act) => {
                  setAsked({ act, member });
                }}
              />
            ))}
          </ul>
        </Card>
      </Columns>
      {asked?.act === 'remove' ? <RemoveMemberDialog family={family} member={asked.member} onClose={done} /> : null}
      {asked?.act === 'head' ? <HeadDialog family={family} member={asked.member} onClose={done} /> : null}
      {asked?.act === 'move' ? <MoveMemberDialog person={asked.member} family={family} onClose={done} /> : null}
      {deleting ? (
        <DeleteFamilyDialog
          family={family}
          onClose={() => {
            setDeleting(false);
          }}
        />
      ) : null}
      <Outlet />
    </>
  );
}
