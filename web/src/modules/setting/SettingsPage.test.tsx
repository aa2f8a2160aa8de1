import { QueryClient } from '@tanstack/react-query';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { sessionQuery } from '../../kit/session';
import { show } from '../../testing/render';
import { NoticeBar } from './NoticeBar';
import SettingPanel from './SettingPanel';
import SettingsPage from './SettingsPage';
import { session, someSetting } from './testing';
import type { ChangeEvent, Chosen, Setting } from './wire';

let list: Setting[] = [];
let history: ChangeEvent[] = [];
const sent = vi.fn<(method: string, path: string, body: unknown) => Response>();

const chosen = (change: Partial<Chosen> = {}): Chosen => ({
  workspace: '', value: '20MB', version: 3, updated_at: '2026-11-14T09:15:00Z', updated_by: { id: 1, name: 'Grace Muthoni' }, trouble: '', ...change,
});
const notice = (change: Partial<Setting> = {}) =>
  someSetting({ name: 'notice', group: 'general', group_label: 'General', label: 'Notice', kind: 'text', value: '', default: '', min: null, max: null, max_length: 300, per_workspace: true, ...change });

beforeEach(() => {
  list = [notice(), someSetting()];
  history = [];
  sent.mockReset();
  // Not as a stubbed global: taking that back would take back what the set-up of all tests stubs.
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const path = input as string; // our client asks with text
    const method = init?.method ?? 'GET';
    if (method !== 'GET') return Promise.resolve(sent(method, path, init?.body === undefined ? undefined : JSON.parse(init.body as string)));
    return Promise.resolve(Response.json(path.endsWith('/history/') ? history : list));
  });
});

const address = '/KEN/admin/settings';

function showPanel(name: string) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  client.setQueryData(sessionQuery('KEN').queryKey, session);
  return show(<SettingPanel />, `${address}/${name}`, { path: '/$ws/admin/settings/$setting', client });
}

test('settings stand in groups with what they are and who decided it, and the address narrows them', async () => {
  list = [notice(), someSetting({ value: '20MB', source: 'administrator', overrides: [chosen()] }), someSetting({ name: 'auth.token_life', group: 'auth', group_label: 'Sign-in', label: 'Token', kind: 'duration', value: '336h', source: 'file', pinned: true })];
  await show(<SettingsPage />, address);
  const row = (await screen.findByRole('link', { name: 'Largest file' })).closest('li') ?? document.body;
  expect(row.textContent).toContain('20 MB');
  expect(row.textContent).toContain('Changed');
  expect(screen.getByText('14 days').closest('li')?.textContent).toContain('Fixed by the operator');
  expect(screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent)).toEqual(['General', 'Files', 'Sign-in']);
  await userEvent.click(screen.getByRole('button', { name: /^Only changed/ }));
  await waitFor(() => {
    expect(screen.queryByText('14 days')).toBeNull();
  });
  expect(screen.getByRole('link', { name: 'Largest file' })).toBeDefined();
});

test('a value is changed from the version that was seen', async () => {
  list = [someSetting({ value: '20MB', source: 'administrator', overrides: [chosen()] })];
  history = [{ at: '2026-11-14T09:15:00Z', actor: { id: 1, name: 'Grace Muthoni' }, workspace: '', before: null, after: '20MB' }];
  sent.mockImplementation(() => Response.json(someSetting({ value: '30GB', source: 'administrator', overrides: [chosen({ value: '30GB', version: 4 })] })));
  const { router } = await showPanel('files.max_size');
  const panel = within(await screen.findByRole('dialog', { name: /Largest file/ }));
  expect(await panel.findByText('From the default to 20 MB')).toBeDefined();
  const box = panel.getByRole<HTMLInputElement>('textbox', { name: 'Value' });
  expect(box.value).toBe('20');
  await userEvent.clear(box);
  await userEvent.click(panel.getByRole('button', { name: 'Save' }));
  expect(panel.getByText('This is not complete, or not a whole number.')).toBeDefined();
  await userEvent.type(box, '30');
  await userEvent.click(panel.getByRole('combobox', { name: 'Unit' }));
  await userEvent.click(await screen.findByRole('option', { name: 'GB' }));
  await userEvent.click(panel.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    expect(sent).toHaveBeenCalledExactlyOnceWith('PUT', '/api/settings/files.max_size/', { value: '30GB', workspace: '', version: 3 });
  });
  await waitFor(() => {
    expect(router.state.location.pathname).toBe(address);
  });
});

test('what the server refuses stands at the value, and a conflict offers what is there now', async () => {
  list = [someSetting()];
  sent.mockImplementationOnce(() => Response.json({ value: ['Ensure this value is less than or equal to 5GiB.'] }, { status: 400 }));
  sent.mockImplementationOnce(() => Response.json({ code: 'conflict', detail: 'Somebody changed it.' }, { status: 409, headers: { 'Content-Type': 'application/problem+json' } }));
  sent.mockImplementationOnce(() => Response.json(someSetting()));
  await showPanel('files.max_size');
  const panel = within(await screen.findByRole('dialog', { name: /Largest file|Notice/ }));
  const box = panel.getByRole('textbox', { name: 'Value' });
  await userEvent.type(box, '0');
  await userEvent.click(panel.getByRole('button', { name: 'Save' }));
  expect(await panel.findByText(/less than or equal to 5GiB/)).toBeDefined();
  await userEvent.type(box, '1');
  await userEvent.click(panel.getByRole('button', { name: 'Save' }));
  expect(await panel.findByText('Somebody changed this setting meanwhile')).toBeDefined();
  list = [someSetting({ value: '20MB', source: 'administrator', overrides: [chosen({ version: 8 })] })];
  await userEvent.click(panel.getByRole('button', { name: 'Show what it is now' }));
  await waitFor(() => {
    expect(panel.getByRole<HTMLInputElement>('textbox', { name: 'Value' }).value).toBe('20');
  });
  await userEvent.click(panel.getByRole('button', { name: 'Reset' }));
  await waitFor(() => {
    expect(sent).toHaveBeenLastCalledWith('DELETE', '/api/settings/files.max_size/?version=8', undefined);
  });
});

test('one workspace gets a value of its own', async () => {
  list = [notice({ value: 'All', source: 'administrator', overrides: [chosen({ value: 'All' })] })];
  sent.mockImplementation(() => Response.json(list[0]));
  await showPanel('notice');
  const panel = within(await screen.findByRole('dialog', { name: /Largest file|Notice/ }));
  await userEvent.click(panel.getByRole('radio', { name: 'Only Kenya' }));
  expect(panel.queryByRole('button', { name: 'Reset' })).toBeNull();
  await userEvent.type(panel.getByRole('textbox', { name: 'Value' }), ' closed');
  await userEvent.click(panel.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    expect(sent).toHaveBeenCalledExactlyOnceWith('PUT', '/api/settings/notice/', { value: 'All closed', workspace: 'KEN', version: 0 });
  });
});

test('what the operator fixed says where, and cannot be changed', async () => {
  list = [someSetting({ source: 'environment', place: 'ALMONER_FILES_MAX_SIZE', pinned: true })];
  await showPanel('files.max_size');
  const panel = within(await screen.findByRole('dialog', { name: /Largest file|Notice/ }));
  expect(panel.getByText(/ALMONER_FILES_MAX_SIZE/)).toBeDefined();
  expect(panel.queryByRole('textbox')).toBeNull();
  expect(panel.queryByRole('button', { name: 'Save' })).toBeNull();
});

test('the notice is told above every page, and nothing is told when there is none', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  client.setQueryData(sessionQuery('KEN').queryKey, { ...session, notice: 'Closed on Friday' });
  await show(<NoticeBar />, '/KEN', { client });
  expect((await screen.findByRole('complementary', { name: 'Notice' })).textContent).toBe('Closed on Friday');
  client.setQueryData(sessionQuery('KEN').queryKey, session);
  await waitFor(() => {
    expect(screen.queryByRole('complementary')).toBeNull();
  });
});
