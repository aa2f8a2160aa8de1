import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconMapPin, IconPencil, IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { HistoryCard } from '../../kit/HistoryCard';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { useParam } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import { ClosePersonDialog } from './ClosePersonDialog';
import styles from './officer.module.css';
import { paths } from './paths';
import { PersonTags } from './PersonTags';
import { keys, people, personQuery } from './queries';
import { menuOf, useKind } from './useKind';
import { fullName, type PersonRecord } from './wire';

// What of the user is the same is told there.
const silent = ['user'];

/** An enrolment officer or a claim administrator: who it is, where they work, and what happened. */
export default function PersonPage() {
  const { t } = useTranslation('officer');
  const session = useSession();
  const kind = useKind();
  const ws = session.workspace.code;
  const { data: person } = useSuspenseQuery(personQuery(ws, kind, useParam('person')));
  const [closing, setClosing] = useState(false);
  const name = fullName(person);
  const where = person.health_facility ?? person.location;
  return (
    <>
      <PageHead
        trail={
          <nav aria-label={t('trail')}>
            <PathLink to={paths.list(ws, kind)}>{t(`${kind}.title`)}</PathLink>
          </nav>
        }
        title={<bdi>{name}</bdi>}
        documentTitle={name}
        chip={<PersonTags person={person} />}
        facts={
          <>
            <span className="reference">{person.code}</span>
            {where ? (
              <>
                {' · '}
                <bdi>{where.name}</bdi>
              </>
            ) : null}
          </>
        }
        end={
          <>
            {session.menu.includes(`${menuOf[kind]}.change`) ? (
              <Button component={PathLink} to={paths.edit(ws, kind, person.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('edit.open')}
              </Button>
            ) : null}
            {session.menu.includes(`${menuOf[kind]}.close`) ? (
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
                      setClosing(true);
                    }}
                  >
                    {t(`${kind}.close`)}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        }
      />
      <Columns side={<WorkCard person={person} />}>
        <AboutCard person={person} />
        {kind === 'officers' ? (
          <>
            <VillagesCard person={person} />
            <ExecutiveCard person={person} />
          </>
        ) : null}
        <HistoryCard path={`${people(kind)}${person.id}/`} reads={keys.one(ws, kind, person.id)} silent={silent} />
      </Columns>
      {closing ? (
        <ClosePersonDialog
          kind={kind}
          person={person}
          onClose={() => {
            setClosing(false);
          }}
        />
      ) : null}
      <Outlet />
    </>
  );
}

function AboutCard({ person }: { person: PersonRecord }) {
  const { t } = useTranslation('officer');
  const formats = useFormats();
  const session = useSession();
  const user = person.user;
  return (
    <Card title={t('about')}>
      <Facts>
        <Fact name={t('field.dob')}>{person.dob === null ? null : <bdi>{formats.date(person.dob)}</bdi>}</Fact>
        <Fact name={t('field.phone')}>
          <Phone number={person.phone} />
        </Fact>
        <Fact name={t('field.email')}>
          {person.email ? (
            <a href={`mailto:${person.email}`}>
              <bdi dir="ltr">{person.email}</bdi>
            </a>
          ) : null}
        </Fact>
        {person.address === undefined ? null : (
          <Fact name={t('field.address')}>
            <bdi className={styles.lines}>{person.address}</bdi>
          </Fact>
        )}
        {person.phone_communication === undefined ? null : <Fact name={t('field.phone_communication')}>{t(person.phone_communication ? 'ui:yes' : 'ui:no')}</Fact>}
        <Fact name={t('field.user')}>
          {user === null ? t('noUser') : session.menu.includes('account.users.change') ? <PathLink to={paths.user(session.workspace.code, user.id)}>{person.code}</PathLink> : <bdi>{person.code}</bdi>}
        </Fact>
      </Facts>
    </Card>
  );
}

function Phone({ number }: { number: string | undefined }): ReactNode {
  if (!number) return '–';
  return (
    <a href={`tel:${number.replaceAll(/[^+\d]/g, '')}`}>
      <bdi dir="ltr">{number}</bdi>
    </a>
  );
}

/** Where somebody works, until when, and who takes their place. */
function WorkCard({ person }: { person: PersonRecord }) {
  const { t } = useTranslation('officer');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const facility = person.health_facility;
  const by = person.substitution_officer;
  return (
    <Card title={t('section.work')}>
      <Facts>
        {facility === undefined ? (
          <>
            <Fact name={t('field.location')}>{person.location ? <bdi>{person.location.name}</bdi> : null}</Fact>
            <Fact name={t('field.works_to')}>{person.works_to ? <bdi>{formats.date(person.works_to)}</bdi> : null}</Fact>
            <Fact name={t('field.substitution_officer')}>{by ? <PathLink to={paths.one(ws, 'officers', by.id)}>{fullName(by)}</PathLink> : null}</Fact>
          </>
        ) : (
          <Fact name={t('field.health_facility')}>
            {facility === null ? null : session.menu.includes('facility.facilities') ? <PathLink to={paths.facility(ws, facility.id)}>{facility.name}</PathLink> : <bdi>{facility.name}</bdi>}
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function VillagesCard({ person }: { person: PersonRecord }) {
  const { t } = useTranslation('officer');
  const villages = person.officer_villages ?? [];
  return (
    <Card title={t('field.officer_villages')}>
      {villages.length === 0 ? (
        <p className={styles.quiet}>{t('noVillages')}</p>
      ) : (
        <ul className={styles.villages}>
          {villages.map((one) => (
            <li key={one.id}>
              <IconMapPin size={16} stroke={1.7} aria-hidden />
              <bdi>{one.location.name}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Whom to ask in the villages; nothing where nobody is named. */
function ExecutiveCard({ person }: { person: PersonRecord }) {
  const { t } = useTranslation('officer');
  const formats = useFormats();
  const name = [person.veo_other_names, person.veo_last_name].filter(Boolean).join(' ');
  if (name === '' && !person.veo_code && !person.veo_phone && !person.veo_dob) return null;
  return (
    <Card title={t('section.veo')}>
      <Facts>
        <Fact name={t('field.name')}>
          <bdi>{name}</bdi>
        </Fact>
        <Fact name={t('field.code')}>{person.veo_code ? <span className="reference">{person.veo_code}</span> : null}</Fact>
        <Fact name={t('field.phone')}>
          <Phone number={person.veo_phone} />
        </Fact>
        <Fact name={t('field.dob')}>{person.veo_dob ? <bdi>{formats.date(person.veo_dob)}</bdi> : null}</Fact>
      </Facts>
    </Card>
  );
}
