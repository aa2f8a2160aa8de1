import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readList } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { RecordPage } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { Tabs } from '../../kit/Tabs';
import { firmHolder } from './documentHolder';
import { documentsQuery } from './documentQueries';
import { firmPlace } from './firmColumns';
import { firmVisitsParams, firmVisitsShape } from './firmsList';
import { FirmTags } from './FirmTags';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { editable, useFirm } from './useFirm';

/** A firm: what stands out about it, and its tabs. */
export default function FirmPage() {
  const { t } = useTranslation('tpm');
  const session = useSession();
  const ws = session.workspace.code;
  const firm = useFirm();
  const own = session.menu.includes('tpm.firms.own');
  const visits = useQuery({ ...visitsQuery(ws, firmVisitsParams(readList({}, firmVisitsShape), firm.id)), enabled: session.menu.includes('tpm.visits') });
  const documents = useQuery(documentsQuery(ws, firmHolder(firm), 'attachments'));
  const here = useLocation().pathname.split('/')[4] ?? '';
  const tabs = [
    { key: 'overview', to: paths.firm(ws, firm.id), here: ['', 'overview', 'edit'].includes(here), count: undefined },
    { key: 'people', to: paths.firmPeople(ws, firm.id), here: here === 'people', count: firm.staff_members.length },
    ...(session.menu.includes('tpm.visits') ? [{ key: 'visits', to: paths.firmVisits(ws, firm.id), here: here === 'visits', count: visits.data?.count }] : []),
    ...((firm.lists.attachments ?? 'none') === 'none' && here !== 'documents' ? [] : [{ key: 'documents', to: paths.firmDocuments(ws, firm.id), here: here === 'documents', count: documents.data?.documents.length }]),
  ];
  const place = firmPlace(firm);

  return (
    <RecordPage>
      <PageHead
        trail={
          <nav aria-label={t('visit.trail')}>{own ? <span>{t('menu.ownFirm')}</span> : <PathLink to={paths.firms(ws)}>{t('firms.title')}</PathLink>}</nav>
        }
        title={<bdi>{firm.name}</bdi>}
        documentTitle={firm.name}
        chip={<FirmTags firm={firm} />}
        facts={
          <>
            <span className="reference">{firm.vendor_number}</span>
            {place === '' ? null : (
              <>
                {' · '}
                <bdi>{place}</bdi>
              </>
            )}
          </>
        }
        end={
          editable(firm) ? (
            <Button component={PathLink} to={paths.editFirm(ws, firm.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
              {t('firm.edit')}
            </Button>
          ) : undefined
        }
      />
      <Tabs label={t('firm.tabs')} tabs={tabs.map((tab) => ({ ...tab, label: t(`firm.tab.${tab.key}`) }))} />
      <Outlet />
    </RecordPage>
  );
}
