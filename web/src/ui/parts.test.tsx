import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '../api/ApiError';
import { show } from '../testing/render';
import { ActionCard } from './ActionCard';
import { ageParts } from './age';
import { CommentDialog } from './CommentDialog';
import { ErrorState } from './ErrorState';
import { ErrorSummary } from './ErrorSummary';
import { FilterBar } from './FilterBar';
import { chosenFilters, type Filter, type FilterValues, withoutFilter } from './filters';
import { LifecycleRail } from './LifecycleRail';
import { initials, personTone } from './person';
import { StateChip } from './StateChip';

describe('StateChip', () => {
  test('says state, age and lateness in words', async () => {
    await show(<StateChip state="assigned" label="Assigned" since={new Date(Date.now() - 8 * 86_400_000).toISOString()} daysLate={1} />);
    expect(screen.getByText('Assigned')).toBeDefined();
    expect(screen.getByText('8 d').tagName).toBe('TIME');
    expect(screen.getByText('overdue by 1 day')).toBeDefined();
  });
});

describe('ErrorSummary', () => {
  test('names the field of each trouble, leads there, and leaves the focus there while it is being corrected', async () => {
    function Form() {
      const [name, setName] = useState('');
      return (
        <>
          <ErrorSummary troubles={[{ fieldId: 'name', label: 'Name', message: 'Too short.' }, { message: 'Nobody works here.' }]} />
          <input id="name" aria-label="Name" value={name} onChange={(event) => { setName(event.currentTarget.value); }} />
        </>
      );
    }
    await show(<Form />);
    const summary = screen.getByRole('alert');
    expect(document.activeElement).toBe(summary);
    expect(within(summary).getByText('Nobody works here.').tagName).toBe('LI');
    await userEvent.click(within(summary).getByRole('link', { name: 'Name: Too short.' }));
    await userEvent.keyboard('Ada');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('Ada');
  });
});

describe('ActionCard', () => {
  test('a blocked action keeps its place, says why, and does nothing', async () => {
    const act = vi.fn();
    await show(
      <ActionCard
        state="reported"
        mine
        title="Review round 2"
        checks={[{ kind: 'blocks', text: 'One thread is open' }]}
        actions={[{ code: 'approve', label: 'Approve', tone: 'filled', blockedBy: ['One thread is open.'], onAct: act }]}
      />,
    );
    const button = screen.getByRole('button', { name: 'Approve' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toBe('One thread is open.');
    await userEvent.click(button);
    expect(act).not.toHaveBeenCalled();
    expect(screen.getByRole('region', { name: 'Your turn' })).toBeDefined();
  });
});

describe('CommentDialog', () => {
  test('refuses an empty comment, sends what was typed, trimmed', async () => {
    const sent = vi.fn();
    await show(<CommentDialog opened onClose={vi.fn()} onConfirm={sent} title="Send back KEN/1" confirm="Send back" label="Comment" />);
    const dialog = screen.getByRole('dialog', { name: 'Send back KEN/1' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Send back' }));
    expect(sent).not.toHaveBeenCalled();
    expect(within(dialog).getByText('Write a comment first')).toBeDefined();
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Comment (required)' }), '  Recount, please ');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Send back' }));
    expect(sent).toHaveBeenCalledWith('Recount, please');
  });
});

describe('ErrorState', () => {
  test('gives the number to pass on and tries again', async () => {
    const again = vi.fn();
    await show(<ErrorState error={new ApiError({ status: 500, code: 'internal', message: 'boom', requestId: 'req-7f3a' })} onRetry={again} />);
    expect(screen.getByText('req-7f3a')).toBeDefined();
    expect(screen.queryByText('boom')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(again).toHaveBeenCalledOnce();
  });
});

describe('LifecycleRail', () => {
  test('is an ordered list that marks where the record is', async () => {
    await show(
      <LifecycleRail
        label="Life of the visit"
        steps={[
          { key: '1', state: 'draft', label: 'Draft', phase: 'past', date: '2026-09-28', person: 'Amina Otieno' },
          { key: '2', state: 'reported', label: 'Reported', phase: 'current', date: '2026-11-14', round: 2 },
          { key: '3', state: 'approved', label: 'Approved', phase: 'next' },
        ]}
      />,
    );
    const [first, second, third] = within(screen.getByRole('list', { name: 'Life of the visit' })).getAllByRole('listitem');
    expect(first?.textContent).toContain('28 Sep · Amina Otieno');
    expect(second?.getAttribute('aria-current')).toBe('step');
    expect(second?.textContent).toContain('round 2');
    expect(third?.textContent).toContain('next');
  });
});

const filters: Filter[] = [
  {
    kind: 'choice',
    name: 'section',
    label: 'Section',
    useOptions: () => ({
      options: [
        { value: '1', label: 'WASH' },
        { value: '2', label: 'Health' },
      ],
    }),
  },
  { kind: 'dates', name: 'dates', label: 'Dates', from: 'date__gt', to: 'date__lt' },
];

describe('FilterBar', () => {
  function Bar({ start = {}, onSearch }: { start?: FilterValues; onSearch?: (text: string) => void }) {
    const [values, setValues] = useState<FilterValues>(start);
    return (
      <>
        <output>{JSON.stringify(values)}</output>
        <FilterBar
          search={{ value: '', onChange: onSearch ?? vi.fn(), label: 'Search' }}
          filters={filters}
          values={values}
          onChange={setValues}
          onClear={() => {
            setValues({});
          }}
        />
      </>
    );
  }

  test('adds a filter, ticks values, removes them by name', async () => {
    await show(<Bar />);
    await userEvent.click(screen.getByRole('button', { name: 'Add a filter' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Section' }));
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Health' }));
    expect(screen.getByText('{"section":["2"]}')).toBeDefined();
    expect(screen.getByRole('button', { name: /^Section Health/ })).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Remove the filter Section' }));
    expect(screen.getByText('{}')).toBeDefined();
  });

  test('clears everything at once', async () => {
    await show(<Bar start={{ section: ['1'], date__gt: ['2026-09-14'] }} />);
    expect(screen.getByRole('button', { name: /^Dates 14 Sep 2026/ })).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.getByText('{}')).toBeDefined();
  });

  test('searches on Enter without waiting for the pause', async () => {
    const asked = vi.fn();
    await show(<Bar onSearch={asked} />);
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search' }), 'Lodwar{Enter}');
    expect(asked).toHaveBeenLastCalledWith('Lodwar');
  });

  test('a span counts as one filter', () => {
    const values = { date__gt: ['2026-01-01'], date__lt: ['2026-02-01'], section: ['1'] };
    expect(chosenFilters(filters, values).map((filter) => filter.name)).toEqual(['section', 'dates']);
    const [, dates] = filters;
    expect(dates && withoutFilter(values, dates)).toEqual({ section: ['1'] });
  });
});

test('initials are two letters, in Arabic one', () => {
  expect(initials('Amina Wanjiku Otieno')).toBe('AO');
  expect(initials('ليلى حداد')).toBe('ل');
  expect(initials('Amina Otieno', 'ar')).toBe('A');
  expect(initials('')).toBe('?');
});

test('a person keeps one of eight tones', () => {
  const names = ['Amina Otieno', 'Daniel Cheruiyot', 'Josephine Akinyi', 'Mary Wambui', 'Leila Haddad', 'Rami Khoury', 'Grace Muthoni', 'Hassan Noor'];
  const tones = names.map(personTone);
  expect(tones).toEqual(names.map(personTone));
  expect(tones.every((tone) => tone >= 1 && tone <= 8)).toBe(true);
  expect(new Set(tones).size).toBeGreaterThan(3);
});

test.each([
  [59, { unit: 'minute', count: 59 }],
  [60, { unit: 'hour', count: 1 }],
  [24 * 60 - 1, { unit: 'hour', count: 23 }],
  [6 * 24 * 60, { unit: 'day', count: 6 }],
  [-10, { unit: 'minute', count: 0 }],
])('%i minutes are %o', (minutes, parts) => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(ageParts(new Date(now - minutes * 60_000).toISOString(), now)).toEqual(parts);
});

test('what is known by its day has an age in days', () => {
  const now = new Date(2026, 10, 20, 0, 30).getTime();
  expect(ageParts('2026-11-20', now)).toEqual({ unit: 'today', count: 0 });
  expect(ageParts('2026-11-14', now)).toEqual({ unit: 'day', count: 6 });
});
