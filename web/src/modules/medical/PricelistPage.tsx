import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { PathLink } from '../../kit/PathLink';
import { SelectionBar } from '../../kit/SelectionBar';
import { useSession } from '../../kit/session';
import { useAct } from '../../kit/useAct';
import { quickFilter, useList } from '../../kit/useList';
import { EmptyState } from '../../ui/EmptyState';
import { CardLine, RowCard } from '../../ui/RowCard';
import { linesParams, linesShape } from './lists';
import styles from './medical.module.css';
import { paths } from './paths';
import { ClosePricelistDialog, PriceDialog } from './PricelistDialogs';
import { priceText } from './prices';
import { changeLines, keys, linesQuery, pricedOf } from './queries';
import { useKind } from './useKind';
import { usePricelist } from './usePricelist';
import type { Line } from './wire';

/** A price list: where and since when it holds, what is in it, and what that costs there. */
export default function PricelistPage() {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const kind = useKind();
  const pricelist = usePricelist();
  const list = useList(linesShape, (state) => linesQuery(ws, kind, pricelist.id, linesParams(state)));
  const [selected, setSelected] = useState<string[]>([]);
  const [asked, setAsked] = useState<Line | 'close'>();
  const change = session.menu.includes(`medical.${kind}_pricelists.change`);
  const columns = useMemo(() => columnsIn(t, formats, change ? setAsked : undefined), [t, formats, change]);
  const chosen = (list.rows ?? []).filter((line) => selected.includes(String(line.id)));
  const remove = useAct({
    reads: keys.all(ws),
    act: () => changeLines(ws, kind, pricelist, { removed_details: chosen.map((line) => pricedOf(line)?.uuid ?? '') }),
    done: t('lines.removed', { count: chosen.length }),
    then: () => {
      setSelected([]);
    },
  });
  const add = change ? <AddLink to={paths.addLines(ws, kind, pricelist.id)}>{t(`${kind}.addTo`)}</AddLink> : null;
  return (
    <>
      <ListPage
        list={list}
        title={pricelist.name}
        count={(count) => t(`${kind}.count`, { count })}
        record={{
          trail: (
            <nav aria-label={t('trail')}>
              <PathLink to={paths.pricelists(ws, kind)}>{t(`lists.of.${kind}`)}</PathLink>
            </nav>
          ),
          facts: (
            <>
              <bdi>{pricelist.location?.name ?? t('lists.national')}</bdi> · {t('lists.since', { day: formats.date(pricelist.pricelist_date) })}
            </>
          ),
        }}
        end={
          <>
            {change ? (
              <Button component={PathLink} to={paths.editPricelist(ws, kind, pricelist.id)} variant="default" leftSection={<IconPencil size={15} stroke={1.7} />}>
                {t('edit.open')}
              </Button>
            ) : null}
            {add}
            {session.menu.includes(`medical.${kind}_pricelists.close`) ? (
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
                    {t('lists.close')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : null}
          </>
        }
        search={{ label: t(`${kind}.search`), hint: t('searchHint') }}
        quick={[quickFilter(list, 'own', t('lines.own'))]}
        columns={columns}
        rowName={(line) => pricedOf(line)?.name ?? ''}
        card={(line) => (
          <RowCard reference={pricedOf(line)?.code} name={pricedOf(line)?.name}>
            <CardLine>
              <Price line={line} onAsk={change ? setAsked : undefined} />
            </CardLine>
            <CardLine>
              <span className={styles.quiet}>{t('lines.catalogue', { price: priceText(formats, pricedOf(line)?.price) })}</span>
            </CardLine>
          </RowCard>
        )}
        {...(change && { selection: { ids: selected, onChange: setSelected } })}
        foot={
          <SelectionBar
            count={chosen.length}
            onClear={() => {
              setSelected([]);
            }}
          >
            <Button
              size="xs"
              variant="default"
              loading={remove.busy}
              leftSection={<IconTrash size={15} stroke={1.7} />}
              onClick={() => {
                remove.run();
              }}
            >
              {t('lines.remove')}
            </Button>
          </SelectionBar>
        }
        failed={t('lines.failed')}
        none={
          <EmptyState drawing="nothing" title={t('lines.none')} actions={add}>
            {t('lines.noneText')}
          </EmptyState>
        }
      />
      {asked === 'close' ? (
        <ClosePricelistDialog
          kind={kind}
          list={pricelist}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      ) : asked !== undefined ? (
        <PriceDialog
          kind={kind}
          list={pricelist}
          line={asked}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      ) : null}
    </>
  );
}

function columnsIn(t: TFunction<'medical'>, formats: Formats, onAsk: ((line: Line) => void) | undefined): Column<Line>[] {
  return [
    { id: 'code', header: t('field.code'), sort: 'code', width: '112px', cell: (line) => <span className="reference">{pricedOf(line)?.code}</span> },
    { id: 'name', header: t('field.name'), sort: 'name', cell: (line) => <bdi style={{ fontWeight: 500 }}>{pricedOf(line)?.name}</bdi> },
    {
      id: 'catalogue',
      header: t('field.cataloguePrice'),
      sort: 'price',
      width: '152px',
      align: 'end',
      cell: (line) => <span className={`figures ${styles.quiet ?? ''}`}>{priceText(formats, pricedOf(line)?.price)}</span>,
    },
    { id: 'price', header: t('field.priceHere'), sort: 'price_overrule', width: '152px', align: 'end', cell: (line) => <Price line={line} onAsk={onAsk} /> },
  ];
}

/** What something costs in the list; a press changes it where the reader may. */
function Price({ line, onAsk }: { line: Line; onAsk: ((line: Line) => void) | undefined }) {
  const { t } = useTranslation('medical');
  const formats = useFormats();
  const text = line.price_overrule === null ? t('lines.asCatalogue') : priceText(formats, line.price_overrule);
  if (onAsk === undefined) return <span className="figures">{text}</span>;
  return (
    <button
      type="button"
      className={styles.price}
      aria-label={t('lines.changePrice', { name: pricedOf(line)?.name ?? '', price: text })}
      onClick={() => {
        onAsk(line);
      }}
    >
      {text}
    </button>
  );
}
