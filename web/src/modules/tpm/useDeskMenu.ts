import { useQuery } from '@tanstack/react-query';
import { createElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { MenuChild } from '../../kit/module';
import { useSession } from '../../kit/session';
import { StateIcon } from '../../ui/StateIcon';
import { deskOf } from './desk';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { sliceParams, sliceSearch } from './visitsList';

/** The entries below "Visits" in the menu: what waits for the reader, with how many. */
export function useDeskMenu(ws: string): MenuChild[] {
  const { t } = useTranslation('tpm');
  const { waiting } = deskOf(useSession());
  const { data } = useQuery({ ...visitsQuery(ws, sliceParams(waiting, 1)), staleTime: 60_000 });
  const [first = 'draft'] = waiting.status;
  return [
    {
      key: 'waiting',
      label: t('visits.waiting'),
      to: paths.visits(ws, sliceSearch(waiting)),
      icon: createElement(StateIcon, { state: waiting.status.includes('reported') ? 'reported' : first, size: 14 }),
      count: data?.count,
    },
  ];
}
