import { IconMapPin, IconPhone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CardLine, RowCard } from '../../ui/RowCard';
import { FacilityTags } from './FacilityTags';
import type { Facility } from './wire';

/** A facility in the list on phones. */
export function FacilityCard({ row }: { row: Facility }) {
  const { t } = useTranslation('facility');
  return (
    <RowCard reference={row.code} name={row.name} tags={<FacilityTags facility={row} />}>
      <CardLine>
        {t(`level.${row.level}`)} · {row.legal_form.name}
      </CardLine>
      <CardLine icon={IconMapPin}>
        <bdi>{row.location.name}</bdi>
      </CardLine>
      {row.phone ? (
        <CardLine icon={IconPhone}>
          <bdi dir="ltr">{row.phone}</bdi>
        </CardLine>
      ) : null}
    </RowCard>
  );
}
