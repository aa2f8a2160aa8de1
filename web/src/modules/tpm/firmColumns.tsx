import type { TFunction } from 'i18next';
import type { Column } from '../../kit/columns';
import { Clip } from '../../ui/Clip';
import { FirmTags } from './FirmTags';
import styles from './firmColumns.module.css';
import type { Firm } from './wire';

/** The columns of the list of firms. */
export function firmColumns(t: TFunction<'tpm'>): Column<Firm>[] {
  return [
    { id: 'number', header: t('tpm:firm.number'), sort: 'number', width: '140px', cell: (firm) => <span className="reference">{firm.vendor_number}</span> },
    { id: 'name', header: t('tpm:firm.name'), sort: 'name', width: '24%', cell: (firm) => <bdi className={styles.name}>{firm.name}</bdi> },
    { id: 'place', header: t('tpm:firm.place'), from: 860, cell: (firm) => <Clip>{firmPlace(firm) || '–'}</Clip> },
    { id: 'phone', header: t('tpm:firm.phone'), sort: 'phone', width: '156px', cell: (firm) => <Clip ltr>{firm.phone_number || '–'}</Clip> },
    { id: 'email', header: t('tpm:firm.email'), sort: 'email', from: 720, cell: (firm) => <Clip ltr>{firm.email || '–'}</Clip> },
    {
      id: 'state',
      header: t('tpm:firm.state'),
      width: '236px',
      cell: (firm) => (
        <span className={styles.tags}>
          <FirmTags firm={firm} />
        </span>
      ),
    },
  ];
}

/** Where a firm sits: town and country. */
export function firmPlace({ city, country }: Pick<Firm, 'city' | 'country'>): string {
  return [city, country].filter(Boolean).join(', ');
}
