import type { Session } from '../../kit/session';
import type { Setting } from './wire';

/** A setting for tests; name only what the test is about. */
export function someSetting(change: Partial<Setting> = {}): Setting {
  return {
    name: 'files.max_size',
    group: 'files',
    group_label: 'Files',
    label: 'Largest file',
    help: 'Nobody can upload a file that is larger.',
    kind: 'size',
    value: '50MB',
    default: '50MB',
    source: 'default',
    place: '',
    pinned: false,
    per_workspace: false,
    min: '1KiB',
    max: '5GiB',
    min_length: 0,
    max_length: 0,
    choices: [],
    overrides: [],
    ...change,
  };
}

/** An administrator in Kenya. */
export const session: Session = {
  user: { id: 1, name: 'Grace Muthoni', first_name: 'Grace', last_name: 'Muthoni', email: 'grace@agency.example', is_staff: true, is_superuser: true, language: 'en' },
  workspace: { id: 2, code: 'KEN', name: 'Kenya' },
  workspaces: [{ id: 2, code: 'KEN', name: 'Kenya' }],
  organization: null,
  organizations: [],
  roles: [],
  menu: ['setting.list'],
  demo: null,
  environment: 'production',
  version: 'test',
  agency: 'UNICEF',
  notice: '',
  languages: ['en'],
};
