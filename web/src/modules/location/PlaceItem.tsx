import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowsMove, IconChevronRight, IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { Tag } from '../../ui/Tag';
import { paths } from './paths';
import styles from './places.module.css';
import { withinQuery } from './queries';
import type { PlaceRow } from './wire';

/** What can be asked of a place in a dialog. */
export type Ask = 'move' | 'close';

/** A place of the tree: its name and level, how much lies in it, what can be done, and what is within when it is opened. `found` says what it lies in. */
export function PlaceItem({ place, onAsk, found = false }: { place: PlaceRow; onAsk: (ask: Ask, place: PlaceRow) => void; found?: boolean }) {
  const { t } = useTranslation('location');
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const id = useId();
  const people = (place.male_population ?? 0) + (place.female_population ?? 0) + (place.other_population ?? 0);
  return (
    <li>
      <div className={styles.row}>
        {place.places_within > 0 ? (
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={t('open', { name: place.name })}
            onClick={() => {
              setOpen(!open);
            }}
          >
            <IconChevronRight size={16} stroke={1.8} className={styles.chevron} />
          </button>
        ) : (
          <span className={styles.toggle} />
        )}
        <span className={styles.words}>
          <bdi className={styles.name}>{place.name}</bdi>
          {place.p_code === '' ? null : <span className="reference">{place.p_code}</span>}
          {place.admin_level_name === null ? null : <Tag>{place.admin_level_name}</Tag>}
          {place.is_active ? null : <Tag tone="warn">{t('archived')}</Tag>}
          {found && place.parent !== null ? <span className={styles.quiet}>{t('within', { name: place.parent.name })}</span> : null}
        </span>
        <span className={styles.count}>
          {[
            place.places_within > 0 ? t('places', { count: place.places_within }) : undefined,
            people > 0 ? t('people', { count: people, total: formats.number(people) }) : undefined,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <PlaceMenu place={place} onAsk={onAsk} />
      </div>
      {open ? <Within id={id} place={place} onAsk={onAsk} /> : null}
    </li>
  );
}

function Within({ id, place, onAsk }: { id: string; place: PlaceRow; onAsk: (ask: Ask, place: PlaceRow) => void }) {
  const { t } = useTranslation('location');
  const within = useQuery(withinQuery(useSession().workspace.code, place.id));
  if (within.isError) return <ErrorState error={within.error} title={t('failed')} level={3} onRetry={() => void within.refetch()} retrying={within.isFetching} />;
  if (within.data === undefined) return <SkeletonRows rows={Math.min(place.places_within, 4)} />;
  return (
    <ul id={id} className={styles.branch} aria-label={t('placesIn', { name: place.name })}>
      {within.data.map((one) => (
        <PlaceItem key={one.id} place={one} onAsk={onAsk} />
      ))}
    </ul>
  );
}

function PlaceMenu({ place, onAsk }: { place: PlaceRow; onAsk: (ask: Ask, place: PlaceRow) => void }) {
  const { t } = useTranslation('location');
  const { menu, workspace } = useSession();
  // Regions and districts have a right of their own.
  const upper = place.type !== '' && (place.admin_level ?? 0) <= 1;
  const may = (what: string) => menu.includes(`location.places.${what}`);
  const change = may('change') && (!upper || may('regions'));
  const add = may('add') && place.type !== 'V';
  const move = may('move') && place.parent !== null;
  if (!change && !add && !move && !may('close')) return <span className={styles.noMenu} />;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={30} aria-label={t('actions', { name: place.name })}>
          <IconDots size={17} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {add ? (
          <Menu.Item component={PathLink} to={paths.newPlace(workspace.code, place.id)} leftSection={<IconPlus size={16} stroke={1.7} />}>
            {t('add.within')}
          </Menu.Item>
        ) : null}
        {change ? (
          <Menu.Item component={PathLink} to={paths.place(workspace.code, place.id)} leftSection={<IconPencil size={16} stroke={1.7} />}>
            {t('edit.open')}
          </Menu.Item>
        ) : null}
        {move ? (
          <Menu.Item
            leftSection={<IconArrowsMove size={16} stroke={1.7} />}
            onClick={() => {
              onAsk('move', place);
            }}
          >
            {t('move.open')}
          </Menu.Item>
        ) : null}
        {may('close') ? (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} stroke={1.7} />}
            onClick={() => {
              onAsk('close', place);
            }}
          >
            {t('close.open')}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
