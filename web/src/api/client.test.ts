import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ApiError } from './ApiError';
import { address, api, onSignedOut } from './client';

const calls = vi.fn<typeof fetch>();

function lastCall() {
  const [path, init] = calls.mock.lastCall ?? [];
  return { path, init, headers: new Headers(init?.headers) };
}

beforeEach(() => {
  vi.stubGlobal('fetch', calls);
  calls.mockReset();
  calls.mockImplementation(() => Promise.resolve(Response.json({ ok: true })));
  document.documentElement.lang = 'fr';
  document.cookie = 'almoner_csrf=a%2Bb';
  window.history.replaceState(null, '', '/KEN/visits?page=2');
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the API client', () => {
  test('says workspace, language and wanted types; reads carry no token', async () => {
    await api.get('/api/tpm/visits/', { query: { page: 2, status__in: ['draft', 'assigned'], search: '', author: undefined } });
    const { path, headers, init } = lastCall();
    expect(path).toBe('/api/tpm/visits/?page=2&status__in=draft%2Cassigned');
    expect(headers.get('Almoner-Workspace')).toBe('KEN');
    expect(headers.get('Language')).toBe('fr');
    expect(headers.get('Accept')).toBe('application/problem+json, application/json');
    expect(headers.get('X-CSRF-Token')).toBeNull();
    expect(headers.get('Idempotency-Key')).toBeNull();
    expect(init?.credentials).toBe('same-origin');
  });

  test('sends the token with changes and a key with every POST', async () => {
    await api.post('/api/x/', { a: 1 });
    const first = lastCall();
    await api.post('/api/x/', { a: 1 }, { idempotencyKey: 'mine' });
    expect(first.headers.get('X-CSRF-Token')).toBe('a+b');
    expect(first.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
    expect(first.headers.get('Content-Type')).toBe('application/json');
    expect(first.init?.body).toBe('{"a":1}');
    expect(lastCall().headers.get('Idempotency-Key')).toBe('mine');
  });

  test('lets the browser write the type of a form with files', async () => {
    await api.post('/api/x/', new FormData());
    expect(lastCall().headers.get('Content-Type')).toBeNull();
  });

  test('names no workspace on pages outside one, or when told so', async () => {
    await api.get('/api/x/', { workspace: null });
    expect(lastCall().headers.get('Almoner-Workspace')).toBeNull();
    window.history.replaceState(null, '', '/login?next=/KEN');
    await api.get('/api/x/');
    expect(lastCall().headers.get('Almoner-Workspace')).toBeNull();
  });

  test('answers undefined for 204', async () => {
    calls.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })));
    await expect(api.delete('/api/x/1/')).resolves.toBeUndefined();
  });

  test('turns a broken line into an error that can pass, and leaves an abort an abort', async () => {
    calls.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(api.get('/api/x/')).rejects.toMatchObject({ status: 0, code: 'network', passing: true });
    const stop = new AbortController();
    stop.abort();
    calls.mockImplementation(() => Promise.reject(new DOMException('Aborted', 'AbortError')));
    await expect(api.get('/api/x/', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('tells when the session has ended, but not when signing in fails', async () => {
    const told = vi.fn<(error: ApiError) => void>();
    const stop = onSignedOut(told);
    calls.mockImplementation(() => Promise.resolve(Response.json({ detail: 'no' }, { status: 401 })));
    await expect(api.post('/api/auth/login/', {}, { signingIn: true })).rejects.toMatchObject({ status: 401 });
    expect(told).not.toHaveBeenCalled();
    await expect(api.get('/api/x/')).rejects.toMatchObject({ status: 401 });
    expect(told).toHaveBeenCalledOnce();
    stop();
  });
});

test('address keeps what the path has already', () => {
  expect(address('/api/x/?format=csv', { page: 1 })).toBe('/api/x/?format=csv&page=1');
  expect(address('/api/x/', { a: [], b: null, c: false })).toBe('/api/x/?c=false');
});
