import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { nameOf } from '../../kit/extensions';
import { PathLink } from '../../kit/PathLink';
import { useExtensionText } from '../../kit/useExtensionText';
import { useParam, useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { Note } from '../../ui/Note';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { staffName } from './names';
import styles from './OverviewTab.module.css';
import { paths } from './paths';
import { PeopleCard } from './PeopleCard';
import { historyQuery, visitFieldsQuery } from './queries';
import { SendBackNote } from './SendBackNote';
import { StoryList } from './StoryList';
import { tell } from './story';
import { TasksTable } from './TasksTable';
import { permission, useVisit } from './useVisit';
import { VisitActions } from './VisitActions';
import { VisitRail } from './VisitRail';
import type { Visit } from './wire';

/** The visit at a glance: whose turn it is, what it is about, who is in it, and what happened last. */
export default function OverviewTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const ref = useParam('ref');
  const visit = useVisit();
  const history = useQuery(historyQuery(ws, visit.id));
  const told = history.data === undefined ? undefined : tell(history.data);
  return (
    <div className={styles.page}>
      <div className={styles.turn}>
        <VisitActions visit={visit} history={history.data} />
      </div>
      <div className={styles.rail}>
        <VisitRail visit={visit} history={history.data} />
      </div>
      <div className={styles.main}>
        <Banner visit={visit} />
        <SendBackNote visit={visit} />
        <AboutCard visit={visit} />
        {visit.tpm_activities === undefined ? null : (
          <Card title={t('tab.tasks')} flush end={visit.tpm_activities.length > 0 ? <PathLink to={paths.tasks(ws, ref)}>{t('tasks.all')}</PathLink> : undefined}>
            <TasksTable visit={visit} compact />
          </Card>
        )}
        {history.isError ? null : (
          <Card title={t('tab.activity')} end={<PathLink to={paths.activity(ws, ref)}>{t('activity.all')}</PathLink>}>
            {told === undefined ? <SkeletonRows rows={3} /> : <StoryList visit={visit} told={told.slice(0, 5)} />}
          </Card>
        )}
      </div>
      <div className={styles.side}>
        <PeopleCard visit={visit} history={history.data} />
        <DatesCard visit={visit} />
      </div>
    </div>
  );
}

/** The words that explain the present state, where there are some. */
function Banner({ visit }: { visit: Visit }) {
  const { t } = useTranslation('tpm');
  if (visit.status === 'tpm_rejected' && visit.reject_comment) {
    return (
      <Note tone="warn" title={t('banner.rejected', { firm: visit.tpm_partner?.name ?? '' })}>
        <bdi>{visit.reject_comment}</bdi>
      </Note>
    );
  }
  if (visit.status === 'unicef_approved' && visit.approval_comment) {
    return (
      <Note tone="ok" title={t('banner.approved')}>
        <bdi>{visit.approval_comment}</bdi>
      </Note>
    );
  }
  if (visit.status === 'cancelled' && visit.cancel_comment) {
    return (
      <Note tone="info" title={t('banner.cancelled')}>
        <bdi>{visit.cancel_comment}</bdi>
      </Note>
    );
  }
  return null;
}

/** What the visit is about, and the way to change it. */
function AboutCard({ visit }: { visit: Visit }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useWorkspace();
  const ref = useParam('ref');
  const editable = permission(visit, 'visit_information') === 'write' || permission(visit, 'tpm_partner_focal_points') === 'write' || permission(visit, 'extensions') === 'write';
  const sections = visit.sections?.map((section) => section.name) ?? [];
  const staff = visit.tpm_partner_focal_points?.map(staffName) ?? [];
  const fields = useQuery(visitFieldsQuery(ws, visit.id)).data;
  const textOf = useExtensionText();
  return (
    <Card
      title={t('about.title')}
      end={
        editable ? (
          <Button component={PathLink} to={paths.edit(ws, ref)} variant="subtle" size="xs" leftSection={<IconPencil size={15} stroke={1.7} />}>
            {t('about.edit')}
          </Button>
        ) : undefined
      }
    >
      <dl className={styles.facts}>
        <Fact name={nameOf(fields, 'tpm_partner', t('field.firm'))}>{visit.tpm_partner?.name ?? '–'}</Fact>
        {visit.tpm_partner_focal_points === undefined ? null : (
          <Fact name={nameOf(fields, 'tpm_partner_focal_points', t('field.firmFocalPoints'))}>{staff.length > 0 ? formats.list(staff) : <span className={styles.needed}>{t('noneYet')}</span>}</Fact>
        )}
        {visit.sections === undefined ? null : <Fact name={nameOf(fields, 'sections', t('field.sections'))}>{sections.length > 0 ? formats.list(sections) : '–'}</Fact>}
        {visit.visit_information === undefined ? null : (
          <Fact name={nameOf(fields, 'visit_information', t('field.information'))}>{visit.visit_information === '' ? '–' : <bdi className={styles.words}>{visit.visit_information}</bdi>}</Fact>
        )}
        {visit.extensions === undefined
          ? null
          : fields?.shown.map((field) => (
              <Fact key={field.key} name={<bdi>{field.label}</bdi>}>
                <span className={field.long ? styles.words : undefined}>{textOf(field, visit.extensions?.[field.key])}</span>
              </Fact>
            ))}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The days that matter, as far as the reader may see them. */
function DatesCard({ visit }: { visit: Visit }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const days = [
    { name: t('dates.fieldwork'), value: visit.start_date ? formats.range(visit.start_date, visit.end_date) : undefined },
    { name: t('dates.created'), value: visit.date_created ? formats.date(visit.date_created) : undefined },
    { name: t('dates.assigned'), value: visit.date_of_assigned ? formats.date(visit.date_of_assigned) : undefined },
    { name: t('dates.accepted'), value: visit.date_of_tpm_accepted ? formats.date(visit.date_of_tpm_accepted) : undefined },
    { name: t('dates.reported'), value: visit.date_of_tpm_reported ? formats.date(visit.date_of_tpm_reported) : undefined },
  ].filter((day) => day.value !== undefined);
  if (days.length === 0) return null;
  return (
    <Card title={t('dates.title')}>
      <dl className={styles.days}>
        {days.map((day) => (
          <div key={day.name}>
            <dt>{day.name}</dt>
            <dd>{day.value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
