/**
 * A path inside this app, from a `next` parameter that anybody may have written; undefined for anything that would
 * leave the app or lead back to the sign-in page.
 */
export function localPath(next: unknown): string | undefined {
  if (typeof next !== 'string' || !next.startsWith('/')) return undefined;
  let url: URL;
  try {
    url = new URL(next, window.location.origin);
  } catch {
    return undefined;
  }
  if (url.origin !== window.location.origin || /^\/(login|api)(\/|$)/.test(url.pathname)) return undefined;
  return url.pathname + url.search + url.hash;
}
