import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { Avatar } from '../../ui/Avatar';
import { Card } from '../../ui/Card';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { Tag } from '../../ui/Tag';
import { DeleteInsureeDialog } from './DeleteInsureeDialog';
import { Fact, Facts } from '../../ui/Facts';
import { recordFieldsQuery } from '../../kit/extensions';
import { FurtherFacts } from '../../kit/FurtherFacts';
import { HistoryCard } from '../../kit/HistoryCard';
import { placeOf } from './insureeColumns';
import { MoveMemberDialog } from './MoveMemberDialog';
import { NewFamilyDialog } from './NewFamilyDialog';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { PhotoCard } from './PhotoCard';
import { placeName, placePath } from '../../kit/places';
import { familyQuery, insurees, keys } from './queries';
import styles from './RecordPage.module.css';
import { StatusTag } from './StatusTag';
import { useInsuree } from './useRecords';
import type { Insuree } from './wire';

// What the server keeps for itself says nothing to a reader.
const silent = ['place', 'head', 'photo'];

/** An insuree: who it is, where, in which family, and what happened. */
export default function InsureePage() {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const insuree = useInsuree();
  const [asked, setAsked] = useState<'delete' | 'move' | 'found'>();
  const name = fullName(insuree);
  const done = () => {
    setAsked(undefined);
  };
  const mayDelete = session.menu.includes('insuree.insurees.delete');
  return (
    <>
      <PageHead
        trail={
          <nav aria-label={t('trail')}>
            <PathLink to={paths.insurees(ws)}>{t('list.title')}</PathLink>
          </nav>
        }
        title={<bdi>{name}</bdi>}
        documentTitle={name}
        chip={
          <>
            {insuree.head ? <Tag tone="info">{t('tag.head')}</Tag> : null}
            <StatusTag status={insuree.status} />
          </>
        }
        facts={
          <>
            <span className="reference">{insuree.chf_id}</span>
            {insuree.age === null ? null : ` · ${t('years', { count: insuree.age })}`}
            {placeOf(insuree) === null ? null : (
              <>
                {' · '}
                <bdi>{placeName(placeOf(insuree))}</bdi>
              </>
            )}
          </>
        }
        end={
          <>
            {session.menu.includes('insuree.insurees.change') ? (
              <Button component={PathLink} to={paths.editInsuree(ws, insuree.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('edit.open')}
              </Button>
            ) : null}
            {mayDelete ? (
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
                      setAsked('delete');
                    }}
                  >
                    {t('delete.open')}
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
            <PhotoCard insuree={insuree} />
            {session.menu.includes('insuree.families') ? <FamilyCard insuree={insuree} onMove={() => { setAsked('move'); }} onFound={() => { setAsked('found'); }} /> : null}
          </>
        }
      >
        {insuree.status === 'AC' ? null : (
          <Note tone={insuree.status === 'IN' ? 'warn' : 'info'} title={t(`status.${insuree.status}`)}>
            {[insuree.status_reason?.name, insuree.status_date === null ? undefined : t('since', { day: formats.date(insuree.status_date) })].filter(Boolean).join(' · ')}
          </Note>
        )}
        <AboutCard insuree={insuree} />
        <HistoryCard path={`${insurees}${insuree.id}/`} reads={keys.insuree(ws, insuree.id)} silent={silent} />
      </Columns>
      {asked === 'delete' ? <DeleteInsureeDialog insuree={insuree} onClose={done} /> : null}
      {asked === 'move' ? <MoveMemberDialog person={insuree} family={undefined} onClose={done} /> : null}
      {asked === 'found' ? <NewFamilyDialog insuree={insuree} onClose={done} /> : null}
      <Outlet />
    </>
  );
}

/** All that is known of somebody, under the labels of the server. */
function AboutCard({ insuree }: { insuree: Insuree }) {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const ws = useSession().workspace.code;
  // What the facts that administrators added ask for, too: one request for both.
  const { data: fields } = useQuery(recordFieldsQuery(ws, `${insurees}${insuree.id}/`, keys.insuree(ws, insuree.id)));
  const gender = useWords('gender');
  const document = useWords('type_of_id');
  const work = useWords('profession');
  const school = useWords('education');
  const marital = fields?.own.marital?.choices?.[insuree.marital ?? ''];
  const village = placePath(placeOf(insuree));
  return (
    <Card title={t('about')}>
      <div className={styles.group}>
        <Facts>
          <Fact name={t('field.number')}>
            <span className="reference">{insuree.chf_id}</span>
          </Fact>
          <Fact name={t('field.gender')}>{gender(insuree.gender)}</Fact>
          <Fact name={t('field.born')}>
            <bdi>{formats.date(insuree.dob)}</bdi>
          </Fact>
          <Fact name={t('field.marital')}>{marital}</Fact>
          <Fact name={t('field.work')}>{work(insuree.profession)}</Fact>
          <Fact name={t('field.school')}>{school(insuree.education)}</Fact>
        </Facts>
      </div>
      <div className={styles.group}>
        <Facts>
          <Fact name={t(insuree.current_village === null ? 'field.familyVillage' : 'field.village')}>{village.length === 0 ? '' : <bdi>{village.toReversed().join(', ')}</bdi>}</Fact>
          <Fact name={t('field.address')}>{insuree.current_address}</Fact>
          <Fact name={t('field.phone')}>
            {insuree.phone === '' ? (
              ''
            ) : (
              <a href={`tel:${insuree.phone.replaceAll(/[^+\d]/g, '')}`}>
                <bdi dir="ltr">{insuree.phone}</bdi>
              </a>
            )}
          </Fact>
          <Fact name={t('field.email')}>{insuree.email === '' ? '' : <a href={`mailto:${insuree.email}`}>{insuree.email}</a>}</Fact>
        </Facts>
      </div>
      <div className={styles.group}>
        <Facts>
          <Fact name={t('field.document')}>{document(insuree.type_of_id)}</Fact>
          <Fact name={t('field.documentNumber')}>{insuree.passport === '' ? '' : <span className="reference">{insuree.passport}</span>}</Fact>
          <Fact name={t('field.card')}>{t(insuree.card_issued ? 'yes' : 'no')}</Fact>
        </Facts>
      </div>
      <FurtherFacts path={`${insurees}${insuree.id}/`} reads={keys.insuree(ws, insuree.id)} values={insuree.extensions} />
    </Card>
  );
}

/** The others of the family, or the two ways into one. */
function FamilyCard({ insuree, onMove, onFound }: { insuree: Insuree; onMove: () => void; onFound: () => void }) {
  const { t } = useTranslation('insuree');
  const session = useSession();
  const ws = session.workspace.code;
  const relation = useWords('relationship');
  const { data: family } = useQuery({ ...familyQuery(ws, insuree.family?.id ?? 0), enabled: insuree.family !== null });
  if (insuree.family === null) {
    const mayMove = session.menu.includes('insuree.families.change') && session.menu.includes('insuree.insurees.change');
    return (
      <Card title={t('family.title')}>
        <p className={styles.text}>{t('family.none')}</p>
        <div className={styles.tags}>
          {session.menu.includes('insuree.families.add') ? (
            <Button variant="default" leftSection={<IconUsers size={16} stroke={1.7} />} onClick={onFound}>
              {t('found.open')}
            </Button>
          ) : null}
          {mayMove ? (
            <Button variant="subtle" onClick={onMove}>
              {t('move.join')}
            </Button>
          ) : null}
        </div>
      </Card>
    );
  }
  return (
    <Card title={t('family.title')} end={<PathLink to={paths.family(ws, insuree.family.id)}>{t('family.open')}</PathLink>}>
      {family === undefined ? (
        <SkeletonRows rows={2} />
      ) : (
        <ul className={styles.people}>
          {family.members
            .filter((member) => member.id !== insuree.id)
            .slice(0, 8)
            .map((member) => (
              <li key={member.id}>
                <PathLink to={paths.insuree(ws, member.id)} className={styles.person}>
                  <Avatar name={fullName(member)} size={30} decorative />
                  <span className={styles.words}>
                    <bdi className={styles.name}>{fullName(member)}</bdi>
                    <span className={styles.quiet}>{member.head ? t('tag.head') : relation(member.relationship) || t('tag.member')}</span>
                  </span>
                </PathLink>
              </li>
            ))}
          {family.members.length === 1 ? <li className={styles.quiet}>{t('family.alone')}</li> : null}
        </ul>
      )}
    </Card>
  );
}
