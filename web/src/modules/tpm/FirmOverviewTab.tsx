import { ActionIcon } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { nameOf } from '../../kit/extensions';
import { readList } from '../../kit/listState';
import { PathLink } from '../../kit/PathLink';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { useExtensionText } from '../../kit/useExtensionText';
import { useWorkspace } from '../../kit/useWorkspace';
import { Avatar } from '../../ui/Avatar';
import { Card } from '../../ui/Card';
import { Clip } from '../../ui/Clip';
import { ErrorState } from '../../ui/ErrorState';
import { Fact, Facts } from '../../ui/Facts';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { type FirmDetail, firmFieldsQuery } from './firmQueries';
import { firmVisitsParams, firmVisitsShape } from './firmsList';
import styles from './FirmOverviewTab.module.css';
import { staffName } from './names';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { stateOf } from './status';
import { useFirm } from './useFirm';
import { VisitChip } from './visitColumns';

/** The firm at a glance: what stands in the way of new visits, where it is, its people and its latest visits. */
export default function FirmOverviewTab() {
  const session = useSession();
  const firm = useFirm();
  return (
    <Columns side={<PeopleCard firm={firm} />}>
      <Notes firm={firm} />
      <AboutCard firm={firm} />
      {session.menu.includes('tpm.visits') ? <VisitsCard firm={firm} /> : null}
    </Columns>
  );
}

/** What is out of the ordinary, and what follows from it. */
function Notes({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  return (
    <>
      {firm.blocked ? (
        <Note tone="danger" title={t('firm.note.blocked')}>
          {t('firm.note.blockedText')}
        </Note>
      ) : null}
      {firm.deleted_flag ? (
        <Note tone="warn" title={t('firm.note.marked')}>
          {t('firm.note.markedText')}
        </Note>
      ) : null}
      {firm.vision_synced ? null : (
        <Note tone="info" title={t('firm.note.notSynced')}>
          {t('firm.note.notSyncedText')}
        </Note>
      )}
      {firm.hidden ? (
        <Note tone="info" title={t('firm.note.hidden')}>
          {t('firm.note.hiddenText')}
        </Note>
      ) : null}
    </>
  );
}

function AboutCard({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  const fields = useQuery(firmFieldsQuery(useWorkspace(), firm.id)).data?.fields;
  const textOf = useExtensionText();
  const address = [firm.street_address, [firm.postal_code, firm.city].filter(Boolean).join(' '), firm.country].filter(Boolean);
  return (
    <Card title={t('firm.about')}>
      <Facts>
        <Fact name={t('firm.number')}>
          <span className="reference">{firm.vendor_number}</span>
        </Fact>
        <Fact name={t('firm.address')}>
          {address.length === 0
            ? '–'
            : address.map((line) => (
                <span key={line} className={styles.line}>
                  <bdi>{line}</bdi>
                </span>
              ))}
        </Fact>
        {firm.phone_number === undefined ? null : (
          <Fact name={nameOf(fields, 'phone_number', t('firm.phone'))}>
            {firm.phone_number === '' ? (
              '–'
            ) : (
              <a href={`tel:${firm.phone_number.replaceAll(/[^+\d]/g, '')}`}>
                <bdi dir="ltr">{firm.phone_number}</bdi>
              </a>
            )}
          </Fact>
        )}
        {firm.email === undefined ? null : (
          <Fact name={nameOf(fields, 'email', t('firm.email'))}>
            {/* The finance system holds addresses that are none. */}
            {firm.email.includes('@') ? (
              <a href={`mailto:${firm.email}`}>
                <bdi dir="ltr">{firm.email}</bdi>
              </a>
            ) : (
              firm.email || '–'
            )}
          </Fact>
        )}
        {firm.extensions === undefined
          ? null
          : fields?.shown.map((field) => (
              <Fact key={field.key} name={<bdi>{field.label}</bdi>}>
                <span className={field.long ? styles.long : undefined}>{textOf(field, firm.extensions?.[field.key])}</span>
              </Fact>
            ))}
      </Facts>
    </Card>
  );
}

const shown = 5;

function VisitsCard({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useSession().workspace.code;
  // The first page of the visits tab: one request serves its count, this card and the tab.
  const list = useQuery(visitsQuery(ws, firmVisitsParams(readList({}, firmVisitsShape), firm.id)));
  const rows = list.data?.results;
  return (
    <Card title={t('firm.latest')} flush end={rows?.length ? <PathLink to={paths.firmVisits(ws, firm.id)}>{t('firm.allVisits')}</PathLink> : undefined}>
      {rows === undefined ? (
        list.isError ? (
          <ErrorState error={list.error} level={3} title={t('visits.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : (
          <SkeletonRows rows={shown} />
        )
      ) : rows.length === 0 ? (
        <p className={styles.none}>{t('firm.noVisits')}</p>
      ) : (
        <ul className={styles.visits}>
          {rows.slice(0, shown).map((visit) => (
            <li key={visit.id}>
              <PathLink to={paths.visit(ws, visit)} className={styles.visit}>
                <span className={styles.reference}>
                  <span className="reference">{visit.reference_number}</span>
                </span>
                <span className={styles.partners}>
                  <Clip>{(visit.implementing_partners ?? []).map((partner) => partner.name).join(', ') || t('noTasksYet')}</Clip>
                </span>
                {visit.start_date ? <span className={styles.dates}>{formats.range(visit.start_date, visit.end_date)}</span> : null}
                <span className={styles.chip}>
                  <VisitChip visit={visit} label={t(`status.${stateOf(visit.status)}`)} />
                </span>
              </PathLink>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function PeopleCard({ firm }: { firm: FirmDetail }) {
  const { t } = useTranslation('tpm');
  const ws = useSession().workspace.code;
  const people = firm.staff_members;
  return (
    <Card title={t('people.title')} end={<PathLink to={paths.firmPeople(ws, firm.id)}>{t('firm.allPeople')}</PathLink>}>
      {people.length === 0 ? (
        <p className={styles.needed}>{t('firm.noPeople')}</p>
      ) : (
        <ul className={styles.people}>
          {people.slice(0, shown).map((person) => (
            <li key={person.id} className={styles.person}>
              <Avatar name={staffName(person)} size={30} decorative />
              <span className={styles.words}>
                <bdi className={styles.name}>{staffName(person)}</bdi>
                <bdi className={styles.part}>{person.profile.job_title || '–'}</bdi>
              </span>
              <ActionIcon component="a" href={`mailto:${person.email}`} aria-label={t('people.mail', { name: staffName(person) })}>
                <IconMail size={16} stroke={1.7} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {people.length > shown ? <p className={styles.part}>{t('ui:list.more', { count: people.length - shown })}</p> : null}
    </Card>
  );
}
