import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FormField } from '../../kit/FormField';
import { PlaceSelect } from '../../kit/PlaceSelect';
import { RecordPanel } from '../../kit/RecordPanel';
import { useWorkspace } from '../../kit/useWorkspace';
import { addPricelist, changePricelist, keys, pricelistQuery, pricelists } from './queries';
import type { Kind, PricelistRecord } from './wire';

const sections = [{ name: 'list', rows: [['name'], ['pricelist_date'], ['location']] }];

/** The panel in which a price list is made or changed; what is in it stands on its page. */
export function PricelistPanel({ kind, list, onClose }: { kind: Kind; list?: PricelistRecord; onClose: (saved?: PricelistRecord) => void }) {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const client = useQueryClient();
  return (
    <RecordPanel<PricelistRecord, PricelistRecord>
      title={t(list === undefined ? 'lists.add' : 'lists.edit')}
      submit={t(list === undefined ? 'add.save' : 'ui:form.save')}
      path={pricelists(kind)}
      record={list}
      again={() => client.query({ ...pricelistQuery(ws, kind, list?.id ?? 0), staleTime: 0 })}
      sections={sections}
      field={(props, read) =>
        props.name === 'location' ? (
          <PlaceSelect
            id={props.id}
            label={props.label}
            deepest={1}
            value={typeof props.value === 'number' ? props.value : null}
            known={read?.location?.name}
            error={props.error}
            onChange={(place) => {
              props.set({ location: place });
            }}
          />
        ) : (
          <FormField {...props} />
        )
      }
      save={(input, key, read) => (read === undefined ? addPricelist(ws, kind, input, key) : changePricelist(ws, kind, read.id, read.version, input))}
      done={(saved) => t(list === undefined ? 'add.done' : 'edit.done', { name: saved.name })}
      reads={keys.all(ws)}
      onClose={onClose}
    />
  );
}
