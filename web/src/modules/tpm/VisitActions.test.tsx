import { QueryClient } from '@tanstack/react-query';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { sessionQuery, type SignedIn } from '../../kit/session';
import { show } from '../../testing/render';
import { someTask, someVisit } from './testing';
import { VisitActions } from './VisitActions';
import type { Action, Visit } from './wire';

const cancel: Action = {
  code: 'cancel',
  label: 'Cancel Visit',
  to: 'cancelled',
  primary: false,
  needs_comment: true,
  input: [{ name: 'cancel_comment', type: 'string', label: 'Reason', required: true, max_length: 100000 }],
  blocked_by: [],
};
const assign: Action = { code: 'assign', label: 'Assign', to: 'assigned', primary: true, needs_comment: false, input: [], blocked_by: [] };
const accept: Action = { code: 'accept', label: 'Accept', to: 'tpm_accepted', primary: true, needs_comment: false, input: [], blocked_by: [] };

const session = {
  user: { id: 1, name: 'Amina Otieno' },
  workspace: { id: 1, code: 'KEN', name: 'Kenya' },
  agency: 'UNICEF',
  roles: [],
  menu: ['tpm.visits', 'tpm.visits.new'],
} as unknown as SignedIn; // what the card looks at

const answers = vi.fn<(path: string, init?: RequestInit) => Response>();

beforeEach(() => {
  answers.mockReset();
  // Not as a stubbed global: taking that back would take back what the set-up of all tests stubs.
  vi.spyOn(globalThis, 'fetch').mockImplementation((path, init) => Promise.resolve(answers(path as string, init))); // our client asks with text
});

function card(visit: Visit) {
  const client = new QueryClient();
  client.setQueryData(sessionQuery('KEN').queryKey, session);
  return show(<VisitActions visit={visit} history={[]} />, '/KEN/visits/118', { client, path: '/$ws/visits/$ref' });
}

const permissions: Visit['permissions'] = { tpm_activities: 'write', 'tpm_activities.*': { partner: 'write', _delete: true } };

test('an empty draft is my turn, and each thing that is missing leads to its spot', async () => {
  const blocked = ['unicef_focal_points', 'tpm_partner_focal_points'].map((field) => ({ field, code: 'required', message: 'This field is required.' }));
  await card(someVisit({ permissions, actions: [cancel, { ...assign, blocked_by: blocked }] }));
  expect(screen.getByRole('heading', { level: 2, name: 'Your turn' })).toBeDefined();
  const [first, second] = screen.getAllByRole('listitem');
  expect(first?.textContent).toContain('There is no task yet.');
  expect(within(first ?? document.body).getByRole('link', { name: 'Add a task' }).getAttribute('href')).toBe('/KEN/visits/118/tasks/new');
  expect(within(second ?? document.body).getByRole('link', { name: 'Choose' }).getAttribute('href')).toContain('/edit?field=tpm_partner_focal_points');
  const button = screen.getByRole('button', { name: 'Assign…' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('what is there is ticked off', async () => {
  const task = someTask();
  await card(someVisit({ permissions, actions: [assign], tpm_activities: [task], ...(task.unicef_focal_points && { unicef_focal_points: task.unicef_focal_points }) }));
  expect(screen.getByText('1 task is there')).toBeDefined();
  expect(screen.getByText('1 focal point of the agency')).toBeDefined();
});

test('whoever can only cancel waits for the firm', async () => {
  await card(someVisit({ status: 'assigned', actions: [cancel] }));
  expect(screen.getByRole('heading', { level: 2, name: 'Waiting for Savanna Insight' })).toBeDefined();
});

test('who may do nothing sees no button', async () => {
  await card(someVisit({ status: 'cancelled' }));
  expect(screen.getByRole('heading', { level: 2, name: 'Nothing to do' })).toBeDefined();
  expect(screen.queryByRole('button')).toBeNull();
});

test('accepting is one press, in the version that was read', async () => {
  answers.mockImplementation(() => Response.json(someVisit({ status: 'tpm_accepted', version: 4 })));
  await card(someVisit({ status: 'assigned', actions: [accept] }));
  await userEvent.click(screen.getByRole('button', { name: 'Accept' }));
  const [path, init] = answers.mock.calls.find(([, sent]) => sent?.method === 'POST') ?? [];
  expect(path).toBe('/api/tpm/visits/118/accept/?include=actions%2Cpermissions%2Clists');
  expect(new Headers(init?.headers).get('If-Match')).toBe('W/"3"');
});

test('cancelling needs words, and keeps them when somebody was faster', async () => {
  answers.mockImplementation((_, init) =>
    init?.method === 'POST'
      ? Response.json({ code: 'conflict', detail: 'Somebody changed this record meanwhile.', status: 409 }, { status: 409, headers: { 'Content-Type': 'application/problem+json' } })
      : Response.json([]),
  );
  await card(someVisit({ status: 'assigned', actions: [cancel] }));
  await userEvent.click(screen.getByRole('button', { name: 'Cancel visit…' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the visit' }));
  expect(within(dialog).getByText('Write a comment first')).toBeDefined();
  await userEvent.type(within(dialog).getByRole('textbox'), 'Roads closed');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel the visit' }));
  const alert = await within(dialog).findByRole('alert');
  expect(alert.textContent).toContain('Somebody was faster');
  expect(within(dialog).getByRole<HTMLTextAreaElement>('textbox').value).toBe('Roads closed');
  const sent = answers.mock.calls.find(([, init]) => init?.method === 'POST')?.[1]?.body;
  expect(sent).toBe('{"cancel_comment":"Roads closed"}');
});
