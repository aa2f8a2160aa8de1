import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldProps, FormField } from '../../kit/FormField';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { RecordPanel } from '../../kit/RecordPanel';
import { RefSelect } from '../../kit/RefSelect';
import { useWorkspace } from '../../kit/useWorkspace';
import { addFacility, changeFacility, codesQuery, facilities, facilityQuery, keys, pricelistsQuery } from './queries';
import type { FacilityRecord } from './wire';

const parts = [
  { name: 'what', rows: [['code', 'acc_code'], ['name'], ['level', 'sub_level'], ['legal_form', 'care_type'], ['status']] },
  { name: 'where', rows: [['location'], ['address'], ['phone', 'fax'], ['email']] },
  { name: 'prices', rows: [['services_pricelist'], ['items_pricelist']] },
  { name: 'contract', rows: [['contract_start_date', 'contract_end_date'], ['offline']] },
];

/** The panel in which a facility is made or changed. Whom it serves is said on its page. */
export function FacilityPanel({ facility, onClose }: { facility?: FacilityRecord; onClose: (saved?: FacilityRecord) => void }) {
  const { t } = useTranslation('facility');
  const ws = useWorkspace();
  const client = useQueryClient();
  const sections = useMemo(() => parts.map((part) => ({ ...part, legend: t(`section.${part.name}`) })), [t]);
  return (
    <RecordPanel<FacilityRecord, FacilityRecord>
      title={t(facility === undefined ? 'add.title' : 'edit.title')}
      submit={t(facility === undefined ? 'add.save' : 'ui:form.save')}
      path={facilities}
      record={facility}
      again={() => client.query({ ...facilityQuery(ws, facility?.id ?? 0), staleTime: 0 })}
      sections={sections}
      start={facility === undefined ? start : {}}
      field={(props, read) => <Field {...props} place={read?.location.name} />}
      save={(input, key, read) => (read === undefined ? addFacility(ws, input, key) : changeFacility(ws, read.id, read.version, input))}
      done={(saved) => t(facility === undefined ? 'add.done' : 'edit.done', { name: saved.name })}
      reads={keys.all(ws)}
      onClose={onClose}
    />
  );
}

const start = { status: 'AC' };
const codes = new Set(['code', 'acc_code']);

function Field({ place, ...props }: FieldProps & { place: string | undefined }) {
  const { id, name, label, value, error, set } = props;
  const ws = useWorkspace();
  const forms = useQuery({ ...codesQuery(ws, 'legal-forms'), enabled: name === 'legal_form' });
  const levels = useQuery({ ...codesQuery(ws, 'sub-levels'), enabled: name === 'sub_level' });
  const kind = name === 'items_pricelist' ? 'items' : 'services';
  const prices = useQuery({ ...pricelistsQuery(ws, kind), enabled: name.endsWith('_pricelist') });
  switch (name) {
    case 'location':
      return <PlaceSelect id={id} label={label} type="D" value={typeof value === 'number' ? value : null} known={place} error={error} onChange={(next) => { set({ [name]: next }); }} />;
    case 'legal_form':
      return <RefSelect {...props} options={forms.data} />;
    case 'sub_level':
      return <RefSelect {...props} options={levels.data} />;
    case 'items_pricelist':
    case 'services_pricelist':
      return <RefSelect {...props} options={prices.data} />;
    default:
      return <FormField {...props} ltr={codes.has(name)} clearable={name !== 'status' && !props.info.required} />;
  }
}
