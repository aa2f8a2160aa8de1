import type { TFunction } from 'i18next';
import type { Formats } from '../../i18n/format';
import type { Column } from '../../kit/columns';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { StateChip } from '../../ui/StateChip';
import { placeName, staffName } from './names';
import { stateOf } from './status';
import type { VisitRow } from './wire';
import styles from './visitColumns.module.css';

/** The columns of the list of visits: those of which the server told something in `rows`, and the firm unless it is the reader's own. */
export function visitColumns(t: TFunction<'tpm'>, formats: Formats, rows: readonly VisitRow[], ownFirm: boolean): Column<VisitRow>[] {
  const told = (field: keyof VisitRow) => rows.length === 0 || rows.some((row) => row[field] !== undefined);
  const columns: (Column<VisitRow> & { shown: boolean })[] = [
    { id: 'reference', header: t('tpm:field.reference'), sort: 'reference', width: '158px', shown: true, cell: (visit) => <span className="reference">{visit.reference_number}</span> },
    { id: 'status', header: t('tpm:field.status'), sort: 'since', width: '168px', shown: true, cell: (visit) => <VisitChip visit={visit} label={t(`tpm:status.${stateOf(visit.status)}`)} /> },
    { id: 'firm', header: t('tpm:field.firm'), sort: 'firm', width: '15%', shown: !ownFirm && told('tpm_partner'), cell: (visit) => <span className={styles.names}><Clip>{visit.tpm_partner?.name ?? '–'}</Clip></span> },
    { id: 'partners', header: t('tpm:field.partners'), shown: told('implementing_partners'), cell: (visit) => <Names names={(visit.implementing_partners ?? []).map((partner) => partner.name)} t={t} shown={2} /> },
    { id: 'dates', header: t('tpm:field.dates'), sort: 'dates', width: '150px', from: 760, shown: told('start_date'), cell: (visit) => <span className={styles.dates}>{formats.range(visit.start_date, visit.end_date)}</span> },
    { id: 'places', header: t('tpm:field.places'), width: '16%', from: 900, shown: told('locations'), cell: (visit) => <Names names={(visit.locations ?? []).map(placeName)} t={t} shown={1} /> },
    {
      id: 'agency',
      header: t('tpm:field.agency'),
      width: '86px',
      from: 980,
      shown: told('unicef_focal_points'),
      cell: (visit) => <People names={(visit.unicef_focal_points ?? []).map((person) => person.name)} t={t} needed={!over(visit)} />,
    },
    {
      id: 'firmSide',
      header: t('tpm:field.firmSide'),
      width: '86px',
      from: 1060,
      shown: told('tpm_partner_focal_points'),
      cell: (visit) => <People names={(visit.tpm_partner_focal_points ?? []).map(staffName)} t={t} needed={!over(visit)} />,
    },
  ];
  return columns.filter((column) => column.shown);
}

/** The state of a visit as a chip with its age. */
export function VisitChip({ visit, label }: { visit: Pick<VisitRow, 'status' | 'status_date'>; label: string }) {
  return <StateChip state={stateOf(visit.status)} label={label} since={visit.status_date ?? null} />;
}

function over({ status }: VisitRow): boolean {
  return status === 'cancelled' || status === 'unicef_approved';
}

function Names({ names, t, shown }: { names: readonly string[]; t: TFunction<'tpm'>; shown: number }) {
  if (names.length === 0) return <>–</>;
  const more = names.length - shown;
  return (
    <span className={styles.names} title={names.join(', ')}>
      <Clip>{names.slice(0, shown).join(', ')}</Clip>
      {more > 0 ? <span className={styles.more}>{t('ui:list.more', { count: more })}</span> : null}
    </span>
  );
}

/** People as avatars; missing but needed ones in words. */
function People({ names, t, needed }: { names: readonly string[]; t: TFunction<'tpm'>; needed: boolean }) {
  if (names.length === 0) return needed ? <span className={styles.needed}>{t('tpm:noneYet')}</span> : <>–</>;
  return (
    <span className={styles.people}>
      {names.slice(0, 3).map((name) => (
        <Avatar key={name} name={name} size={22} />
      ))}
      {names.length > 3 ? <span className={styles.more}>{t('ui:list.more', { count: names.length - 3 })}</span> : null}
    </span>
  );
}
