import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { ChangeEvent, Setting, Value } from './wire';

const path = '/api/settings/';

/** The keys of what is fetched of settings. What is in force is told by workspace. */
export const keys = {
  list: (ws: string) => ['setting', ws, 'list'] as const,
  history: (ws: string, name: string) => ['setting', ws, 'history', name] as const,
};

/** Every setting there is, with what it is in this workspace and why. */
export function settingsQuery(ws: string) {
  return queryOptions({
    queryKey: keys.list(ws),
    queryFn: ({ signal }) => api.get<Setting[]>(path, { workspace: ws, signal }),
  });
}

/** Who changed a setting, the newest first. */
export function historyQuery(ws: string, name: string) {
  return queryOptions({
    queryKey: keys.history(ws, name),
    queryFn: ({ signal }) => api.get<ChangeEvent[]>(`${path}${name}/history/`, { workspace: ws, signal }),
  });
}

/** Changes a setting for all workspaces, or for one. `version` is that of the change it was made from, 0 for none. */
export function changeSetting(ws: string, name: string, body: { value: Value; workspace: string; version: number }): Promise<Setting> {
  return api.put<Setting>(`${path}${name}/`, body, { workspace: ws });
}

/** Takes the change of a setting back. */
export function resetSetting(ws: string, name: string, { workspace, version }: { workspace: string; version: number }): Promise<Setting> {
  return api.delete<Setting>(`${path}${name}/`, { workspace: ws, query: { workspace, version } });
}

/** After a setting changed: the list has what the server answered, and all else may look different now. */
export async function settingChanged(client: QueryClient, ws: string, changed: Setting): Promise<void> {
  client.setQueryData(keys.list(ws), (list: Setting[] | undefined) => list?.map((one) => (one.name === changed.name ? changed : one)));
  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'setting' });
  await client.invalidateQueries({ queryKey: keys.history(ws, changed.name) });
}
