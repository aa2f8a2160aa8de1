import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { show } from '../testing/render';
import type { Column } from './columns';
import { DataTable } from './DataTable';

interface Visit {
  id: number;
  reference: string;
  days: number;
}

const visits: Visit[] = [
  { id: 1, reference: 'KEN/2026/1/TPM', days: 3 },
  { id: 2, reference: 'KEN/2026/2/TPM', days: 8 },
];
const columns: Column<Visit>[] = [
  { id: 'reference', header: 'Reference', cell: (visit) => visit.reference, sort: 'id' },
  { id: 'days', header: 'Waiting', cell: (visit) => `${visit.days} d`, align: 'end' },
];

function List({ onOrdering, onPeek, ordering, rows = visits }: { onOrdering?: (to: string) => void; onPeek?: (visit: Visit) => void; ordering?: string; rows?: Visit[] | undefined }) {
  const [ids, setIds] = useState<string[]>([]);
  return (
    <>
      <output>{ids.join(',')}</output>
      <DataTable
        caption="Visits"
        columns={columns}
        rows={rows}
        rowId={(visit) => String(visit.id)}
        rowName={(visit) => visit.reference}
        rowLink={(visit) => `/KEN/visits/${visit.id}`}
        selection={{ ids, onChange: setIds }}
        empty={<p>No visits yet</p>}
        {...(ordering !== undefined && { ordering })}
        {...(onOrdering && { onOrdering })}
        {...(onPeek && { onPeek })}
      />
    </>
  );
}

test('is a table with a caption, heads and one link a row', async () => {
  await show(<List />);
  const table = screen.getByRole('table', { name: 'Visits' });
  expect(within(table).getAllByRole('columnheader').map((head) => head.textContent)).toContain('Waiting');
  expect(within(table).getByRole('link', { name: 'KEN/2026/2/TPM' }).getAttribute('href')).toBe('/KEN/visits/2');
});

test('a head asks for its order, then for the reverse, and says which is in force', async () => {
  const asked = vi.fn();
  await show(<List ordering="id" onOrdering={asked} />);
  const head = screen.getByRole('columnheader', { name: /Reference/ });
  expect(head.getAttribute('aria-sort')).toBe('ascending');
  await userEvent.click(within(head).getByRole('button'));
  expect(asked).toHaveBeenCalledWith('-id');
  expect(within(screen.getByRole('columnheader', { name: 'Waiting' })).queryByRole('button')).toBeNull();
});

test('J and K move, X selects, Space peeks', async () => {
  const peeked = vi.fn();
  await show(<List onPeek={peeked} />);
  await userEvent.keyboard('jj');
  expect(document.activeElement?.textContent).toBe('KEN/2026/2/TPM');
  await userEvent.keyboard('x');
  expect(screen.getByRole('status').textContent).toBe('2');
  await userEvent.keyboard('k ');
  expect(peeked).toHaveBeenCalledWith(visits[0]);
});

test('all rows of the page are selected at once and let go again', async () => {
  await show(<List />);
  const all = screen.getByRole('checkbox', { name: 'Select all rows of this page' });
  await userEvent.click(all);
  expect(screen.getByRole('status').textContent).toBe('1,2');
  await userEvent.click(all);
  expect(screen.getByRole('status').textContent).toBe('');
});

test('without rows it says what the caller says; without an answer it waits in rows', async () => {
  const { unmount } = await show(<List rows={[]} />);
  expect(screen.getByText('No visits yet')).toBeDefined();
  unmount();
  await show(<List2 />);
  expect(screen.getByText('Loading')).toBeDefined();
});

function List2() {
  return <DataTable caption="Visits" columns={columns} rows={undefined} rowId={(visit) => String(visit.id)} rowName={(visit) => visit.reference} empty={null} />;
}
