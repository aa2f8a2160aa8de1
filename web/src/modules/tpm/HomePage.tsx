import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '../../api/client';
import { today } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { PathLink } from '../../kit/PathLink';
import { type SignedIn, useSession } from '../../kit/session';
import { Age } from '../../ui/Age';
import { Card } from '../../ui/Card';
import { Clip } from '../../ui/Clip';
import { Count } from '../../ui/Count';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { StateIcon } from '../../ui/StateIcon';
import { actsForFirm, deskOf, plans } from './desk';
import styles from './HomePage.module.css';
import { placeName } from './names';
import { NextVisits } from './NextVisits';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { stateOf } from './status';
import { type Slice, sliceParams, sliceSearch } from './visitsList';
import type { VisitRow } from './wire';

const shown = 8;

/** My work: what waits for the reader, for what the reader waits, and the next visits. */
export default function HomePage() {
  const session = useSession();
  const ws = session.workspace.code;
  const desk = deskOf(session);
  return (
    <Greeting session={session} desk={desk.waiting}>
      <div className={styles.columns}>
        <div className={styles.main}>
          <Waiting ws={ws} slice={desk.waiting} />
          <Others ws={ws} slice={desk.others} />
        </div>
        <div className={styles.side}>
          <NextVisits ws={ws} />
          <Lately ws={ws} />
        </div>
      </div>
    </Greeting>
  );
}

function Greeting({ session, desk, children }: { session: SignedIn; desk: Slice; children: ReactNode }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = session.workspace.code;
  const [now] = useState(() => new Date());
  const hour = now.getHours();
  const greeting = hour < 12 ? 'app:home.morning' : hour < 18 ? 'app:home.afternoon' : 'app:home.evening';
  return (
    <div className={styles.page}>
      <title>{`${t('app:menu.home')} · ${ws} · Almoner`}</title>
      <header className={styles.head}>
        <div>
          <h1 className={styles.greeting}>{t(greeting, { name: session.user.first_name || session.user.name })}</h1>
          <Summary ws={ws} slice={desk} />
        </div>
        <div className={styles.end}>
          <span className={styles.date}>{formats.longDate(now)}</span>
          {plans(session) ? (
            <Button component={PathLink} to={paths.newVisit(ws)} variant="default" leftSection={<IconPlus size={16} stroke={1.8} />}>
              {t('visits.new')}
            </Button>
          ) : null}
        </div>
      </header>
      {children}
    </div>
  );
}

/** How much waits, and since when: in one sentence. */
function Summary({ ws, slice }: { ws: string; slice: Slice }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const { data } = useQuery(visitsQuery(ws, sliceParams(slice, shown)));
  if (data === undefined) return <p className={styles.summary}>&nbsp;</p>;
  const oldest = data.results[0]?.status_date;
  return (
    <p className={styles.summary}>
      {data.count === 0 ? t('home.nothing') : oldest ? t('home.waitingSince', { count: data.count, date: oldest.slice(0, 4) === today().slice(0, 4) ? formats.dayMonth(oldest) : formats.date(oldest) }) : t('home.waiting', { count: data.count })}
    </p>
  );
}

function Waiting({ ws, slice }: { ws: string; slice: Slice }) {
  const { t } = useTranslation('tpm');
  const list = useQuery(visitsQuery(ws, sliceParams(slice, shown)));
  const session = useSession();
  return (
    <Card
      title={
        <>
          {t('home.waitingTitle')} {list.data ? <Count value={list.data.count} mine={list.data.count > 0} /> : null}
        </>
      }
      end={list.data && list.data.count > 0 ? <PathLink to={paths.visits(ws, sliceSearch(slice))}>{t('home.asList')}</PathLink> : undefined}
      flush
    >
      <Rows list={list} empty={t(actsForFirm(session) ? 'home.nothingFirm' : 'home.nothingText')}>
        {(visit, index) => (
          <li key={visit.id} className={styles.row}>
            <StateIcon state={stateOf(visit.status)} label={t(`status.${stateOf(visit.status)}`)} />
            <span className={styles.words}>
              <span className={styles.line}>
                <strong>{t(`home.do.${stateOf(visit.status)}`)}</strong> <span className="reference">{visit.reference_number}</span>
              </span>
              <span className={styles.quiet}>
                <Clip>{about(visit, actsForFirm(session)) || t('noTasksYet')}</Clip>
              </span>
            </span>
            {visit.status_date ? (
              <span className={styles.age}>
                <Age since={visit.status_date} />
              </span>
            ) : null}
            <Button
              component={PathLink}
              to={paths.visit(ws, visit)}
              variant={index === 0 ? 'filled' : 'default'}
              className={styles.go}
              aria-label={t('home.goNamed', { action: t(`home.go.${stateOf(visit.status)}`), reference: visit.reference_number })}
            >
              {t(`home.go.${stateOf(visit.status)}`)}
            </Button>
          </li>
        )}
      </Rows>
    </Card>
  );
}

function Others({ ws, slice }: { ws: string; slice: Slice }) {
  const { t } = useTranslation('tpm');
  const session = useSession();
  const list = useQuery(visitsQuery(ws, sliceParams(slice, shown)));
  return (
    <Card title={t('home.othersTitle')} note={list.data ? list.data.count : undefined} flush end={list.data && list.data.count > shown ? <PathLink to={paths.visits(ws, sliceSearch(slice))}>{t('home.asList')}</PathLink> : undefined}>
      <Rows list={list} empty={t('home.othersNone')}>
        {(visit) => (
          <li key={visit.id} className={styles.row} data-link>
            <StateIcon state={stateOf(visit.status)} label={t(`status.${stateOf(visit.status)}`)} />
            <span className={styles.words}>
              <span className={styles.line}>
                <PathLink to={paths.visit(ws, visit)} className={styles.cover}>
                  {t(`home.from.${stateOf(visit.status)}`, { firm: visit.tpm_partner?.name ?? t('turn.noFirm'), agency: session.agency })}
                </PathLink>{' '}
                <span className="reference">{visit.reference_number}</span>
              </span>
            </span>
            {visit.status_date ? (
              <span className={styles.age}>
                <Age since={visit.status_date} />
              </span>
            ) : null}
          </li>
        )}
      </Rows>
    </Card>
  );
}

/** What moved last, anywhere the reader may look. */
function Lately({ ws }: { ws: string }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const list = useQuery(visitsQuery(ws, sliceParams({ status: [] }, 5, '-since')));
  return (
    <Card title={t('home.lately')}>
      {list.data === undefined ? (
        <SkeletonRows rows={3} />
      ) : (
        <ul className={styles.lately}>
          {list.data.results.map((visit) => (
            <li key={visit.id}>
              <StateIcon state={stateOf(visit.status)} />
              <PathLink to={paths.visit(ws, visit)} className={styles.plain}>
                <span>{t(`status.${stateOf(visit.status)}`)}</span> <span className="reference">{visit.reference_number}</span>
              </PathLink>
              <span className={styles.quiet}>{visit.status_date === today() ? t('home.today') : formats.dayMonth(visit.status_date)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Rows({ list, empty, children }: { list: UseQueryResult<Page<VisitRow>>; empty: string; children: (visit: VisitRow, index: number) => ReactNode }) {
  const { t } = useTranslation('tpm');
  if (list.data === undefined) {
    return list.isError ? <ErrorState error={list.error} level={3} onRetry={() => void list.refetch()} retrying={list.isFetching} /> : <SkeletonRows rows={4} />;
  }
  if (list.data.results.length === 0) {
    return (
      <EmptyState drawing="done" level={3} title={t('home.allDone')}>
        {empty}
      </EmptyState>
    );
  }
  return <ul>{list.data.results.map(children)}</ul>;
}

/** What a visit is about in one line: partners, then the firm or the places. */
function about(visit: VisitRow, ownFirm: boolean): string {
  const partners = (visit.implementing_partners ?? []).map((partner) => partner.name);
  const [first, ...more] = partners;
  const who = first === undefined ? '' : more.length > 0 ? `${first} +${more.length}` : first;
  const where = (visit.locations ?? []).map(placeName).slice(0, 3).join(', ');
  return [who, ownFirm ? where : visit.tpm_partner?.name].filter(Boolean).join(' · ');
}
