import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import type { ListShape } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { QueryBoundary } from '../../kit/QueryBoundary';
import { useSession } from '../../kit/session';
import { useListState } from '../../kit/useListState';
import { withValues } from '../../ui/filters';
import { EmptyState } from '../../ui/EmptyState';
import { FilterBar } from '../../ui/FilterBar';
import { Pager } from '../../ui/Pager';
import { Tag } from '../../ui/Tag';
import { ClosePlaceDialog } from './ClosePlaceDialog';
import { MovePlaceDialog } from './MovePlaceDialog';
import { paths } from './paths';
import { type Ask, PlaceItem } from './PlaceItem';
import styles from './places.module.css';
import { placesPageQuery, withinQuery } from './queries';
import type { PlaceRow } from './wire';

/** What the address of the places may say. */
const shape: ListShape = { filters: ['past'], accepts: { past: (value) => value === 'yes' }, ordering: 'name', orderings: ['name'], pageSize: 50 };

/** The places of the workspace as the tree that they are; found by name or code, past ones on request. */
export default function PlacesPage() {
  const { t } = useTranslation('location');
  const session = useSession();
  const ws = session.workspace.code;
  const [state, change] = useListState(shape);
  const [asked, setAsked] = useState<{ ask: Ask; place: PlaceRow }>();
  const past = state.filters.past !== undefined;
  const done = () => {
    setAsked(undefined);
  };
  const onAsk = (ask: Ask, place: PlaceRow) => {
    setAsked({ ask, place });
  };
  const add = session.menu.includes('location.places.add') ? <AddLink to={paths.newPlace(ws)}>{t('add.open')}</AddLink> : undefined;
  return (
    <>
      <PageHead title={t('title')} end={add} />
      <FilterBar
        search={{
          value: state.search,
          label: t('search'),
          placeholder: t('searchHint'),
          onChange: (search) => {
            change({ search });
          },
        }}
        quick={[
          {
            key: 'past',
            label: t('past.show'),
            on: past,
            onToggle: () => {
              change({ filters: withValues({}, 'past', past ? [] : ['yes']) });
            },
          },
        ]}
        filters={[]}
        values={state.filters}
        onChange={(filters) => {
          change({ filters });
        }}
        onClear={() => {
          change({ search: '', filters: {} });
        }}
      />
      {past ? (
        <Past search={state.search} page={state.page} onPage={(page) => { change({ page }); }} />
      ) : state.search.trim() === '' ? (
        <Tree onAsk={onAsk} add={add} />
      ) : (
        <Found
          search={state.search}
          page={state.page}
          onAsk={onAsk}
          onPage={(page) => {
            change({ page });
          }}
          onClear={() => {
            change({ search: '' });
          }}
        />
      )}
      {asked?.ask === 'move' ? <MovePlaceDialog place={asked.place} onClose={done} /> : null}
      {asked?.ask === 'close' ? <ClosePlaceDialog place={asked.place} onClose={done} /> : null}
      <Outlet />
    </>
  );
}

function Tree({ onAsk, add }: { onAsk: (ask: Ask, place: PlaceRow) => void; add: ReactNode }) {
  const { t } = useTranslation('location');
  const options = withinQuery(useSession().workspace.code, null);
  const roots = useQuery(options);
  return (
    <QueryBoundary query={roots} queryKey={options.queryKey} title={t('failed')}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState drawing="nothing" title={t('none')} actions={add}>
            {t('noneText')}
          </EmptyState>
        ) : (
          <ul className={styles.tree} aria-label={t('title')}>
            {rows.map((place) => (
              <PlaceItem key={place.id} place={place} onAsk={onAsk} />
            ))}
          </ul>
        )
      }
    </QueryBoundary>
  );
}

const size = 50;

function Found({ search, page, onAsk, onPage, onClear }: { search: string; page: number; onAsk: (ask: Ask, place: PlaceRow) => void; onPage: (page: number) => void; onClear: () => void }) {
  const { t } = useTranslation('location');
  const options = placesPageQuery(useSession().workspace.code, { search: search.trim(), ordering: 'admin_level', page, page_size: size });
  const found = useQuery(options);
  return (
    <QueryBoundary query={found} queryKey={options.queryKey} title={t('failed')}>
      {({ results, count }) =>
        count === 0 ? (
          <EmptyState drawing="no_match" title={t('ui:list.noMatch')} actions={<Button onClick={onClear}>{t('ui:list.clearSearch')}</Button>}>
            {t('ui:list.noMatchSearch', { search })}
          </EmptyState>
        ) : (
          <>
            <ul className={styles.tree} aria-label={t('title')}>
              {results.map((place) => (
                <PlaceItem key={place.id} place={place} onAsk={onAsk} found />
              ))}
            </ul>
            {count > size ? <Pager page={page} pageSize={size} count={count} onPage={onPage} /> : null}
          </>
        )
      }
    </QueryBoundary>
  );
}

/** Places as they were: closed ones, and earlier states of those that are there. */
function Past({ search, page, onPage }: { search: string; page: number; onPage: (page: number) => void }) {
  const { t } = useTranslation('location');
  const formats = useFormats();
  const options = placesPageQuery(useSession().workspace.code, { search: search.trim(), show_history: true, validity_to__isnull: false, ordering: 'name', page, page_size: size });
  const past = useQuery(options);
  return (
    <QueryBoundary query={past} queryKey={options.queryKey} title={t('failed')}>
      {({ results, count }) =>
        count === 0 ? (
          <EmptyState drawing="no_match" title={t('past.none')}>
            {t('past.noneText')}
          </EmptyState>
        ) : (
          <>
            <ul className={styles.tree} aria-label={t('past.title')}>
              {results.map((place) => (
                <li key={place.id} className={styles.row}>
                  <span className={styles.toggle}>
                    <IconHistory size={16} stroke={1.7} aria-hidden />
                  </span>
                  <span className={styles.words}>
                    <bdi className={styles.name}>{place.name}</bdi>
                    <span className="reference">{place.p_code}</span>
                    {place.admin_level_name === null ? null : <Tag>{place.admin_level_name}</Tag>}
                    {place.parent === null ? null : <span className={styles.quiet}>{t('within', { name: place.parent.name })}</span>}
                  </span>
                  <span className={styles.count}>
                    <bdi>{t('past.until', { from: formats.date(place.validity_from.slice(0, 10)), to: formats.date(place.validity_to?.slice(0, 10)) })}</bdi>
                  </span>
                </li>
              ))}
            </ul>
            {count > size ? <Pager page={page} pageSize={size} count={count} onPage={onPage} /> : null}
          </>
        )
      }
    </QueryBoundary>
  );
}
