import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { FurtherFacts } from '../../kit/FurtherFacts';
import { HistoryCard } from '../../kit/HistoryCard';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { Columns } from '../../kit/RecordPage';
import { useSession } from '../../kit/session';
import { useParam } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import { CatchmentDialog } from './CatchmentDialog';
import { CloseFacilityDialog } from './CloseFacilityDialog';
import styles from './FacilityPage.module.css';
import { FacilityTags } from './FacilityTags';
import { paths } from './paths';
import { facilities, facilityQuery, keys } from './queries';
import type { FacilityRecord } from './wire';

/** A health facility: what it is, where, whom it serves, what it may ask for, and what happened. */
export default function FacilityPage() {
  const { t } = useTranslation('facility');
  const session = useSession();
  const ws = session.workspace.code;
  const { data: facility } = useSuspenseQuery(facilityQuery(ws, useParam('facility')));
  const [asked, setAsked] = useState<'close' | 'villages'>();
  const done = () => {
    setAsked(undefined);
  };
  const change = session.menu.includes('facility.facilities.change');
  return (
    <>
      <PageHead
        trail={
          <nav aria-label={t('trail')}>
            <PathLink to={paths.facilities(ws)}>{t('title')}</PathLink>
          </nav>
        }
        title={<bdi>{facility.name}</bdi>}
        documentTitle={facility.name}
        chip={<FacilityTags facility={facility} always />}
        facts={
          <>
            <span className="reference">{facility.code}</span> · {t(`level.${facility.level}`)} · <bdi>{facility.location.name}</bdi>
          </>
        }
        end={
          <>
            {change ? (
              <Button component={PathLink} to={paths.editFacility(ws, facility.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('edit.open')}
              </Button>
            ) : null}
            {session.menu.includes('facility.facilities.close') ? (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" size={32} aria-label={t('more')}>
                    <IconDots size={17} stroke={1.8} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={16} stroke={1.7} />}
                    onClick={() => {
                      setAsked('close');
                    }}
                  >
                    {t('close.open')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        }
      />
      <Columns
        side={
          <>
            <PricesCard facility={facility} />
            <ContractCard facility={facility} />
          </>
        }
      >
        <AboutCard facility={facility} />
        <VillagesCard
          facility={facility}
          onChange={
            change
              ? () => {
                  setAsked('villages');
                }
              : undefined
          }
        />
        {session.menu.includes('facility.facilities') ? <HistoryCard path={`${facilities}${facility.id}/`} reads={keys.one(ws, facility.id)} /> : null}
      </Columns>
      {asked === 'close' ? <CloseFacilityDialog facility={facility} onClose={done} /> : null}
      {asked === 'villages' ? <CatchmentDialog facility={facility} onClose={done} /> : null}
      <Outlet />
    </>
  );
}

function AboutCard({ facility }: { facility: FacilityRecord }) {
  const { t } = useTranslation('facility');
  const ws = useSession().workspace.code;
  return (
    <Card title={t('about')}>
      <Facts>
        <Fact name={t('field.level')}>{[t(`level.${facility.level}`), facility.sub_level?.name].filter(Boolean).join(' · ')}</Fact>
        <Fact name={t('field.form')}>{facility.legal_form.name}</Fact>
        <Fact name={t('field.care')}>{t(`care.${facility.care_type}`)}</Fact>
        <Fact name={t('field.address')}>
          <bdi className={styles.lines}>{facility.address}</bdi>
        </Fact>
        <Fact name={t('field.phone')}>
          {facility.phone ? (
            <a href={`tel:${facility.phone.replaceAll(/[^+\d]/g, '')}`}>
              <bdi dir="ltr">{facility.phone}</bdi>
            </a>
          ) : null}
        </Fact>
        <Fact name={t('field.email')}>
          {facility.email ? (
            <a href={`mailto:${facility.email}`}>
              <bdi dir="ltr">{facility.email}</bdi>
            </a>
          ) : null}
        </Fact>
        <Fact name={t('field.account')}>{facility.acc_code ? <span className="reference">{facility.acc_code}</span> : null}</Fact>
        <Fact name={t('field.offline')}>{t(facility.offline ? 'ui:yes' : 'ui:no')}</Fact>
      </Facts>
      <FurtherFacts path={`${facilities}${facility.id}/`} reads={keys.one(ws, facility.id)} values={facility.extensions} />
    </Card>
  );
}

function VillagesCard({ facility, onChange }: { facility: FacilityRecord; onChange: (() => void) | undefined }) {
  const { t } = useTranslation('facility');
  const formats = useFormats();
  return (
    <Card
      title={t('villages.title')}
      end={
        onChange ? (
          <Button variant="subtle" size="xs" leftSection={<IconPencil size={15} stroke={1.7} />} onClick={onChange}>
            {t('villages.open')}
          </Button>
        ) : undefined
      }
    >
      {facility.catchments.length === 0 ? (
        <p className={styles.quiet}>{t('villages.none')}</p>
      ) : (
        <ul className={styles.villages}>
          {facility.catchments.map((one) => (
            <li key={one.id} className={styles.village}>
              <bdi>{one.location.name}</bdi>
              <span className={styles.bar} aria-hidden>
                <span style={{ inlineSize: `${one.catchment ?? 0}%` }} />
              </span>
              <span className="figures">{one.catchment === null ? '–' : t('villages.share', { share: formats.number(one.catchment) })}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function PricesCard({ facility }: { facility: FacilityRecord }) {
  const { t } = useTranslation('facility');
  const session = useSession();
  const ws = session.workspace.code;
  return (
    <Card title={t('prices.title')}>
      <Facts>
        {(['services', 'items'] as const).map((kind) => {
          const list = facility[`${kind}_pricelist`];
          return (
            <Fact key={kind} name={t(`prices.${kind}`)}>
              {list === null ? (
                <span className={styles.quiet}>{t('prices.none')}</span>
              ) : session.menu.includes(`medical.${kind}_pricelists`) ? (
                <PathLink to={paths.pricelist(ws, kind, list.id)}>{list.name}</PathLink>
              ) : (
                list.name
              )}
            </Fact>
          );
        })}
      </Facts>
    </Card>
  );
}

function ContractCard({ facility }: { facility: FacilityRecord }) {
  const { t } = useTranslation('facility');
  const formats = useFormats();
  return (
    <Card title={t('contract.title')}>
      {facility.contract_start_date === null ? (
        <p className={styles.quiet}>{t('contract.none')}</p>
      ) : (
        <p>
          <bdi>{formats.range(facility.contract_start_date, facility.contract_end_date)}</bdi>
        </p>
      )}
    </Card>
  );
}
