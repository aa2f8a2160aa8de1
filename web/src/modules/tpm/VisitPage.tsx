import { ActionIcon, CopyButton, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconDots, IconLink, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { RecordPage } from '../../kit/RecordPage';
import { Tabs } from '../../kit/Tabs';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { DeleteVisitDialog } from './DeleteVisitDialog';
import { visitHolder } from './documentHolder';
import { type Documents, documentsQuery } from './documentQueries';
import { paths } from './paths';
import { reportWasSubmitted } from './reportState';
import { stateOf } from './status';
import { useVisit } from './useVisit';
import { VisitChip } from './visitColumns';

/** A visit: whose it is, where it stands, and its tabs. */
export default function VisitPage() {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useWorkspace();
  const ref = useParam('ref');
  const visit = useVisit();
  const holder = visitHolder(visit);
  // Whether there is a report or are documents to see is for the server to say; while it has not, there are no such tabs.
  const reports = [useQuery(documentsQuery(ws, holder, 'report-attachments')), useQuery(documentsQuery(ws, holder, 'activities/report-attachments'))];
  const documents = [useQuery(documentsQuery(ws, holder, 'attachments')), useQuery(documentsQuery(ws, holder, 'activities/attachments'))];
  const readable = reportWasSubmitted(visit) || reports.some(({ data }) => data?.writable);
  const { pathname } = useLocation();
  const here = pathname.split('/')[4] ?? '';
  const tabs = [
    { key: 'overview', to: paths.visit(ws, ref), here: ['', 'overview', 'edit'].includes(here) },
    ...(visit.tpm_activities === undefined ? [] : [{ key: 'tasks', to: paths.tasks(ws, ref), here: here === 'tasks', count: visit.tpm_activities.length }]),
    ...(reports.some(shown) || here === 'report' ? [{ key: 'report', to: paths.report(ws, ref), here: here === 'report', count: readable ? countOf(reports) : undefined }] : []),
    ...(documents.some(shown) || here === 'documents' ? [{ key: 'documents', to: paths.documents(ws, ref), here: here === 'documents', count: countOf(documents) }] : []),
    { key: 'activity', to: paths.activity(ws, ref), here: here === 'activity' },
  ];
  const facts = [
    visit.tpm_partner?.name,
    visit.start_date ? formats.range(visit.start_date, visit.end_date) : undefined,
    visit.tpm_activities === undefined ? undefined : t('visit.tasks', { count: visit.tpm_activities.length }),
    visit.locations?.length ? t('visit.places', { count: visit.locations.length }) : undefined,
  ].filter((fact) => fact !== undefined);

  return (
    <RecordPage>
      <PageHead
        trail={
          <nav aria-label={t('visit.trail')}>
            <PathLink to={paths.visits(ws)}>{t('visits.title')}</PathLink>
          </nav>
        }
        title={<bdi dir="ltr">{visit.reference_number}</bdi>}
        documentTitle={visit.reference_number}
        chip={<VisitChip visit={visit} label={t(`status.${stateOf(visit.status)}`)} />}
        facts={facts.map((fact, index) => (
          <span key={fact}>
            {index > 0 ? ' · ' : null}
            <bdi>{fact}</bdi>
          </span>
        ))}
        end={<VisitMenu />}
      />
      <Tabs label={t('visit.tabs')} tabs={tabs.map((tab) => ({ ...tab, label: t(`tab.${tab.key}`) }))} />
      <Outlet />
    </RecordPage>
  );
}

function shown({ data, isError }: { data: Documents | null | undefined; isError: boolean }): boolean {
  return isError || (data !== undefined && data !== null);
}

/** How many documents the lists hold; undefined for none, which needs no number. */
function countOf(lists: readonly { data: Documents | null | undefined }[]): number | undefined {
  return lists.reduce((sum, { data }) => sum + (data?.documents.length ?? 0), 0) || undefined;
}

function VisitMenu() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const visit = useVisit();
  const [deleting, setDeleting] = useState(false);
  // The server lets those remove a draft who may assign it.
  const removable = visit.status === 'draft' && visit.actions.some((action) => action.code === 'assign');
  return (
    <>
      <CopyButton value={`${window.location.origin}${paths.visit(ws, visit)}`}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'visit.copied' : 'visit.copyLink')}>
            <ActionIcon onClick={copy} aria-label={t(copied ? 'visit.copied' : 'visit.copyLink')}>
              {copied ? <IconCheck size={17} stroke={1.8} /> : <IconLink size={17} stroke={1.7} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      {removable ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" aria-label={t('visit.more')}>
              <IconDots size={17} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconTrash size={16} stroke={1.7} />}
              color="var(--danger)"
              onClick={() => {
                setDeleting(true);
              }}
            >
              {t('delete.visit')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <DeleteVisitDialog
        visit={visit}
        opened={deleting}
        onClose={() => {
          setDeleting(false);
        }}
      />
    </>
  );
}
