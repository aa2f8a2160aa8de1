import { Checkbox } from '@mantine/core';
import { useElementSize, useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSelectionFeature,
  type RowSelectionState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SkeletonRows } from '../ui/SkeletonRows';
import type { Column } from './columns';
import styles from './DataTable.module.css';
import { PathLink } from './PathLink';
import { useRowKeys } from './useRowKeys';

const features = tableFeatures({ rowSelectionFeature, columnVisibilityFeature });

/** Which rows are selected: their ids, and how to change them. */
export interface Selection {
  ids: readonly string[];
  onChange: (ids: string[]) => void;
}

interface Props<Row extends object> {
  /** Says what the table lists; read aloud, not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  /** undefined while the first answer is on its way: skeletons stand in. */
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  /** What a row is called, for its check box. */
  rowName: (row: Row) => string;
  /** The page the row leads to. The first column becomes the link, the whole row its target. */
  rowLink?: (row: Row) => string;
  /** How the server orders: a column's `sort`, with a minus for descending. */
  ordering?: string;
  onOrdering?: (ordering: string) => void;
  selection?: Selection;
  /** Space on the row with the keyboard's focus. */
  onPeek?: (row: Row) => void;
  /** The answer on screen is an older one, a newer is on its way. */
  stale?: boolean;
  /** What to show on phones instead of the columns with their heads; gets the row's link wrapped around it. */
  card?: (row: Row) => ReactNode;
  /** Shown when there are no rows. */
  empty: ReactNode;
  /** How many skeleton rows to show. */
  skeletons?: number;
}

/**
 * A list as a real table: caption, heads that sort, one link a row, selection, keys J and K, and skeletons of the rows'
 * height; below 640 px a list of cards. The server sorts, filters and pages.
 */
export function DataTable<Row extends object>(props: Props<Row>) {
  const cards = useMediaQuery('(max-width: 639.98px)', undefined, { getInitialValueInEffect: false });
  if (props.rows === undefined) return <SkeletonRows rows={props.skeletons ?? 12} />;
  if (props.rows.length === 0) return <>{props.empty}</>;
  return cards ? <Cards {...props} rows={props.rows} /> : <Grid {...props} rows={props.rows} />;
}

function Grid<Row extends object>({ caption, columns, rows, rowId, rowName, rowLink, ordering, onOrdering, selection, onPeek, stale }: Props<Row> & { rows: readonly Row[] }) {
  const { t } = useTranslation('ui');
  const body = useRef<HTMLTableSectionElement>(null);
  const { ref: frame, width } = useElementSize<HTMLDivElement>();
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return helper.columns(columns.map((column) => helper.display({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) })));
  }, [columns]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const visible = Object.fromEntries(columns.map((column) => [column.id, width === 0 || column.from === undefined || width >= column.from]));
  const selected: RowSelectionState = Object.fromEntries((selection?.ids ?? []).map((id) => [id, true]));
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    enableRowSelection: selection !== undefined,
    state: { rowSelection: selected, columnVisibility: visible },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(selected) : change;
      selection?.onChange(Object.keys(next).filter((id) => next[id]));
    },
  });
  const model = table.getRowModel().rows;
  useRowKeys(body, {
    ...(selection && {
      select: (index: number) => {
        model[index]?.toggleSelected();
      },
    }),
    ...(onPeek && {
      peek: (index: number) => {
        const row = model[index];
        if (row) onPeek(row.original);
      },
    }),
  });

  return (
    <div ref={frame} className={styles.frame} tabIndex={-1}>
      <table className={styles.table} data-stale={stale || undefined} aria-busy={stale}>
        <caption className={styles.caption}>{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {selection ? (
                <th className={styles.tick}>
                  <Checkbox
                    size="xs"
                    aria-label={t('list.selectAll')}
                    checked={table.getIsAllRowsSelected()}
                    indeterminate={table.getIsSomeRowsSelected()}
                    onChange={(event) => {
                      table.toggleAllRowsSelected(event.currentTarget.checked);
                    }}
                  />
                </th>
              ) : null}
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                return column ? <Head key={header.id} column={column} ordering={ordering} onOrdering={onOrdering} /> : null;
              })}
            </tr>
          ))}
        </thead>
        <tbody ref={body}>
          {model.map((row) => (
            <tr key={row.id} className={styles.row} data-row data-selected={row.getIsSelected() || undefined} aria-selected={selection ? row.getIsSelected() : undefined}>
              {selection ? (
                <td className={styles.tick}>
                  <Checkbox
                    size="xs"
                    aria-label={t('list.select', { name: rowName(row.original) })}
                    checked={row.getIsSelected()}
                    onChange={(event) => {
                      row.toggleSelected(event.currentTarget.checked);
                    }}
                  />
                </td>
              ) : null}
              {row.getVisibleCells().map((cell, index) => (
                <td key={cell.id} data-align={byId.get(cell.column.id)?.align}>
                  {index === 0 && rowLink ? (
                    <PathLink to={rowLink(row.original)} className={styles.link} data-row-link>
                      <table.FlexRender cell={cell} />
                    </PathLink>
                  ) : (
                    <table.FlexRender cell={cell} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, ordering, onOrdering }: { column: Column<Row>; ordering?: string | undefined; onOrdering?: ((ordering: string) => void) | undefined }) {
  const { t } = useTranslation('ui');
  const { sort } = column;
  const order = sort === undefined ? undefined : ordering === sort ? 'ascending' : ordering === `-${sort}` ? 'descending' : undefined;
  const Arrow = order === 'descending' ? IconArrowDown : IconArrowUp;
  return (
    <th scope="col" style={{ inlineSize: column.width }} data-align={column.align} aria-sort={order}>
      {sort === undefined || !onOrdering ? (
        column.header
      ) : (
        <button
          type="button"
          className={styles.sort}
          onClick={() => {
            onOrdering(order === 'ascending' ? `-${sort}` : sort);
          }}
        >
          {column.header}
          {order ? <Arrow size={14} stroke={1.8} aria-label={t(order === 'ascending' ? 'list.sortedUp' : 'list.sortedDown')} /> : null}
        </button>
      )}
    </th>
  );
}

function Cards<Row extends object>({ caption, columns, rows, rowId, rowLink, card, stale }: Props<Row> & { rows: readonly Row[] }) {
  return (
    <ul className={styles.cards} aria-label={caption} aria-busy={stale} data-stale={stale || undefined}>
      {rows.map((row) => {
        const content = card ? card(row) : <Labelled columns={columns} row={row} />;
        return (
          <li key={rowId(row)} className={styles.card}>
            {rowLink ? (
              <PathLink to={rowLink(row)} className={styles.cardLink}>
                {content}
              </PathLink>
            ) : (
              content
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Labelled<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }) {
  const [first, ...others] = columns;
  return (
    <>
      <div className={styles.cardTitle}>{first?.cell(row)}</div>
      <dl className={styles.pairs}>
        {others.map((column) => (
          <div key={column.id} className={styles.pair}>
            <dt>{column.header}</dt>
            <dd>{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
