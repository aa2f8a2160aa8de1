import { ApiError, errorFrom } from './ApiError';
import { workspaceIn } from './workspace';

/** The page envelope of every list. */
export interface Page<Row> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Row[];
}

type Scalar = string | number | boolean;

/** Query parameters; undefined, null and empty lists are left out, lists are joined by commas. */
export type Query = Record<string, Scalar | readonly Scalar[] | null | undefined>;

/** What a request may say besides method and path. */
export interface Options {
  query?: Query;
  /** Sent as JSON; a FormData or Blob goes out as it is. */
  body?: unknown;
  /** Hand on the signal of the query, so that a superseded request is aborted. */
  signal?: AbortSignal;
  /** Speak to this workspace instead of the one in the address bar; null names none. */
  workspace?: string | null;
  /** One key per submit lets the server see a repeated POST as the same one; without it each call has its own. */
  idempotencyKey?: string;
  /** The version the change was made from; the server answers 409 or 412 when somebody was faster. */
  ifMatch?: string;
  headers?: Record<string, string>;
  /** The request itself is an attempt to sign in: a refusal of it does not mean that a session has ended. */
  signingIn?: boolean;
}

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const signedOutListeners = new Set<(error: ApiError) => void>();

/** Calls back whenever a request fails because nobody is signed in; returns how to stop. */
export function onSignedOut(listener: (error: ApiError) => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/**
 * Sends a request to our own server and returns the answer when it is 2xx or 304; anything else throws an ApiError,
 * but for an abort, which throws the AbortError as fetch does. Adds workspace, language, CSRF token and, on POST, an
 * idempotency key.
 */
export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const { body } = options;
  const raw = body instanceof FormData || body instanceof Blob;
  const headers = new Headers({ Accept: 'application/problem+json, application/json', ...options.headers });
  const workspace = options.workspace === undefined ? workspaceIn(window.location.pathname) : options.workspace;
  if (workspace !== null) headers.set('Almoner-Workspace', workspace);
  headers.set('Language', document.documentElement.lang);
  if (body !== undefined && !raw) headers.set('Content-Type', 'application/json');
  if (options.ifMatch !== undefined) headers.set('If-Match', options.ifMatch);
  if (unsafe.has(method)) {
    const token = cookie('almoner_csrf');
    if (token !== '') headers.set('X-CSRF-Token', token);
  }
  if (method === 'POST') headers.set('Idempotency-Key', options.idempotencyKey ?? newKey());

  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ status: 0, code: 'network', message: 'No answer from the server', cause });
  }
  if (response.ok || response.status === 304) return response;
  const error = await errorFrom(response);
  if (error.signedOut && !options.signingIn) for (const listener of signedOutListeners) listener(error);
  throw error;
}

async function json<T>(method: string, path: string, options?: Options): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204 || response.headers.get('Content-Length') === '0') {
    return undefined as T; // the caller names void for operations that answer without a body
  }
  try {
    return (await response.json()) as T; // the types come from the server's own description of its operations
  } catch (cause) {
    throw new ApiError({
      status: 0,
      code: 'unreadable',
      message: 'The answer of the server was cut off',
      requestId: response.headers.get('X-Request-ID') ?? '',
      cause,
    });
  }
}

/** The API with JSON in and out. The type argument is the body of the answer; void for operations without one. */
export const api = {
  get: <T>(path: string, options?: Options) => json<T>('GET', path, options),
  options: <T>(path: string, options?: Options) => json<T>('OPTIONS', path, options),
  post: <T>(path: string, body?: unknown, options?: Options) => json<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: Options) => json<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: Options) => json<T>('PATCH', path, { ...options, body }),
  delete: <T = void>(path: string, options?: Options) => json<T>('DELETE', path, options),
};

/** The address of a path with its parameters, as `send` asks for it; also for download links. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const written = Array.isArray(value) ? value.join(',') : String(value);
    if (written !== '') params.set(name, written);
  }
  const tail = params.toString();
  if (tail === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${tail}`;
}

/** A fresh idempotency key. Works on plain http too, where the browser hides randomUUID. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function cookie(name: string): string {
  for (const part of document.cookie.split('; ')) {
    if (part.startsWith(`${name}=`)) return decodeURIComponent(part.slice(name.length + 1));
  }
  return '';
}
