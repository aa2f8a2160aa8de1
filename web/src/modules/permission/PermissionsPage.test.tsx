import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { show } from '../../testing/render';
import AddRulePanel from './AddRulePanel';
import PermissionsPage from './PermissionsPage';
import { assign, someRow, vocabulary } from './testing';
import type { RuleRow } from './wire';

let rows: RuleRow[] = [];
const sent = vi.fn<(method: string, path: string, body: unknown) => Response>();

beforeEach(() => {
  rows = [assign, someRow()];
  sent.mockReset();
  // Not as a stubbed global: taking that back would take back what the set-up of all tests stubs.
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const path = input as string; // our client asks with text
    const method = init?.method ?? 'GET';
    if (method !== 'GET') return Promise.resolve(sent(method, path, init?.body === undefined ? undefined : JSON.parse(init.body as string)));
    if (path.endsWith('/rows/')) return Promise.resolve(Response.json(rows));
    if (path.endsWith('/vocabulary/')) return Promise.resolve(Response.json(vocabulary));
    return Promise.resolve(Response.json([{ id: 1, at: '2026-11-14T09:15:00Z', actor: { id: 1, name: 'Grace Muthoni' }, verb: 'created' }]));
  });
});

const address = '/KEN/admin/permissions';
const switchOf = (sentence: string) => within(screen.getByText(sentence).closest('li') ?? document.body).getByRole('switch');

test('rules are sentences by record type, and the address narrows them', async () => {
  await show(<PermissionsPage />, `${address}?kind=act`);
  expect(await screen.findByText('PME may do “Assign” while the visit is Draft.')).toBeDefined();
  expect(screen.queryByText('PME may edit Visit information while the visit is Draft.')).toBeNull();
  expect(screen.getByRole('heading', { level: 2, name: 'Visit 1' })).toBeDefined();
  expect(screen.getByText('2 rules, 0 changed')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
  expect(await screen.findByText('PME may edit Visit information while the visit is Draft.')).toBeDefined();
});

test('a rule is switched off with a reason, and then says who did it and why', async () => {
  sent.mockImplementation(() => {
    rows = [{ ...assign, in_force: false, override: 5, note: 'Audit' }, someRow()];
    return Response.json({ id: 5 }, { status: 201 });
  });
  await show(<PermissionsPage />, address);
  const words = 'PME may do “Assign” while the visit is Draft.';
  await screen.findByText(words);
  await userEvent.click(switchOf(words));
  const dialog = await screen.findByRole('dialog', { name: 'Switch this rule off?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Switch off' }));
  expect(sent).not.toHaveBeenCalled();
  await userEvent.type(within(dialog).getByRole('textbox'), ' Audit ');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Switch off' }));
  await screen.findByText(/Switched off by .Grace Muthoni. on/);
  expect(sent).toHaveBeenCalledExactlyOnceWith('POST', '/api/permission/overrides/', {
    change: 'withdraw', effect: 'allow', kind: 'act', target: 'tpm.visit.assign', when: 'role:PME and tpm.visit.status=draft', note: 'Audit',
  });
  expect(screen.getByText('Audit')).toBeDefined();
  expect(screen.getByText('2 rules, 1 changed')).toBeDefined();
  expect((switchOf(words) as HTMLInputElement).checked).toBe(false);
});

test('a refusal stays in the dialog, in the server’s words', async () => {
  sent.mockImplementation(() => Response.json({ target: ['No such row comes with the program.'] }, { status: 400 }));
  await show(<PermissionsPage />, address);
  const words = 'PME may do “Assign” while the visit is Draft.';
  await screen.findByText(words);
  await userEvent.click(switchOf(words));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByRole('textbox'), 'Audit');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Switch off' }));
  expect((await within(dialog).findByRole('alert')).textContent).toContain('No such row comes with the program.');
  expect((switchOf(words) as HTMLInputElement).checked).toBe(true);
});

test('a change is taken back: a rule of the program by its switch, an added one by its button', async () => {
  rows = [{ ...assign, in_force: false, override: 5 }, someRow({ declared: false, override: 6, trouble: 'The field is gone.', in_force: false })];
  sent.mockImplementation(() => new Response(null, { status: 204 }));
  await show(<PermissionsPage />, address);
  expect(await screen.findByText(/The field is gone\./)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Take back' }));
  await waitFor(() => {
    expect(sent).toHaveBeenLastCalledWith('DELETE', '/api/permission/overrides/6/', undefined);
  });
  rows = [assign];
  await userEvent.click(switchOf('PME may do “Assign” while the visit is Draft.'));
  await waitFor(() => {
    expect(sent).toHaveBeenLastCalledWith('DELETE', '/api/permission/overrides/5/', undefined);
  });
  expect(await screen.findByText('1 rule, 0 changed')).toBeDefined();
});

test('a long record type begins with some of its rules and shows the rest when asked', async () => {
  rows = [...Array.from({ length: 40 }, (_, n) => someRow({ part: `f${n}`, part_label: `Field ${n}` })), someRow({ entity: 'tpm.task', entity_label: 'Visit task' })];
  await show(<PermissionsPage />, address);
  await screen.findByText('PME may edit Field 0 while the visit is Draft.');
  expect(screen.queryByText('PME may edit Field 39 while the visit is Draft.')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show 25 more' }));
  expect(screen.getByText('PME may edit Field 39 while the visit is Draft.')).toBeDefined();
});

test('what matches nothing says so and offers a way out', async () => {
  await show(<PermissionsPage />, `${address}?changed=yes`);
  expect(await screen.findByRole('heading', { name: 'Nothing has been changed' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Show all rules' }));
  expect(await screen.findByText('PME may do “Assign” while the visit is Draft.')).toBeDefined();
});

test('a rule is added from what can be chosen, and its sentence is read before', async () => {
  sent.mockImplementationOnce(() => Response.json({ when: ['There is no such condition.'] }, { status: 400 }));
  await show(<AddRulePanel />, `${address}/new`);
  const panel = await screen.findByRole('dialog', { name: /Add a rule/ });
  const inside = within(panel);
  await userEvent.click(inside.getByRole('button', { name: 'Add the rule' }));
  expect(inside.getByText('Choose a record type')).toBeDefined();
  await userEvent.click(inside.getByRole('radio', { name: 'Refuses' }));
  await userEvent.click(inside.getByRole('radio', { name: 'Do' }));
  await userEvent.click(inside.getByRole('combobox', { name: /^Record type/ }));
  expect(screen.queryByRole('option', { name: 'Visit task' })).toBeNull();
  await userEvent.click(await screen.findByRole('option', { name: 'Visit' }));
  await userEvent.click(inside.getByRole('combobox', { name: /^Action/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'Assign' }));
  await userEvent.type(inside.getByRole('combobox', { name: /^Conditions/ }), 'PME');
  await userEvent.click(await screen.findByRole('option', { name: 'PME' }));
  await userEvent.keyboard('{Escape}');
  expect(inside.getByText('PME may not do “Assign” (Visit).')).toBeDefined();
  await userEvent.type(inside.getByRole('textbox', { name: /^Reason/ }), 'Audit');
  await userEvent.click(inside.getByRole('button', { name: 'Add the rule' }));
  expect(await inside.findByText('There is no such condition.')).toBeDefined();
  expect(sent).toHaveBeenLastCalledWith('POST', '/api/permission/overrides/', {
    change: 'add', effect: 'refuse', kind: 'act', target: 'tpm.visit.assign', when: 'role:PME', note: 'Audit',
  });
});
