import type { TFunction } from 'i18next';
import type { Formats } from '../../i18n/format';
import type { Column } from '../../kit/columns';
import { Avatar } from '../../ui/Avatar';
import { Clip } from '../../ui/Clip';
import { Tag } from '../../ui/Tag';
import cells from '../../kit/cells.module.css';
import { fullName } from './names';
import { placeName } from '../../kit/places';
import { StatusTag } from './StatusTag';
import type { Code, InsureeRow } from './wire';

/** The columns of the list of insurees. */
export function insureeColumns(t: TFunction<'insuree'>, formats: Formats, gender: (code: Code | null) => string): Column<InsureeRow>[] {
  return [
    { id: 'number', header: t('insuree:field.number'), sort: 'number', width: '148px', cell: (row) => <span className="reference">{row.chf_id}</span> },
    {
      id: 'name',
      header: t('insuree:field.name'),
      sort: 'name',
      width: '26%',
      cell: (row) => (
        <span className={cells.person}>
          <Avatar name={fullName(row)} size={26} decorative />
          <bdi className={cells.name}>{fullName(row)}</bdi>
        </span>
      ),
    },
    { id: 'gender', header: t('insuree:field.gender'), width: '96px', from: 620, cell: (row) => gender(row.gender) || '–' },
    { id: 'born', header: t('insuree:field.born'), sort: 'born', width: '128px', from: 760, cell: (row) => <bdi>{formats.date(row.dob)}</bdi> },
    { id: 'age', header: t('insuree:field.age'), width: '64px', align: 'end', cell: (row) => (row.age === null ? '–' : <span className="figures">{formats.number(row.age)}</span>) },
    { id: 'place', header: t('insuree:field.place'), from: 880, cell: (row) => <Clip>{placeName(placeOf(row)) || '–'}</Clip> },
    {
      id: 'state',
      header: t('insuree:field.state'),
      sort: 'status',
      width: '184px',
      cell: (row) => <Tags row={row} t={t} />,
    },
  ];
}

/** Where somebody is: the village they live in now, else that of the family. */
export function placeOf(row: Pick<InsureeRow, 'current_village' | 'family'>) {
  return row.current_village ?? row.family?.location ?? null;
}

/** What stands out about a row: the head of a family, nobody's family, not active. */
export function Tags({ row, t }: { row: InsureeRow; t: TFunction<'insuree'> }) {
  return (
    <span className={cells.tags}>
      {row.head ? <Tag tone="info">{t('insuree:tag.head')}</Tag> : null}
      {row.family === null ? <Tag>{t('insuree:tag.alone')}</Tag> : null}
      <StatusTag status={row.status} />
    </span>
  );
}
