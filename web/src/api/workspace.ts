// First path segments that are pages of the installation, not workspaces.
const reserved = new Set(['', 'login', 'offline', 'api', 'assets']);

/** The code of the workspace a path of the app is in, or null for the pages outside any workspace. */
export function workspaceIn(path: string): string | null {
  const first = path.split('/')[1] ?? '';
  return reserved.has(first) ? null : decodeURIComponent(first);
}
