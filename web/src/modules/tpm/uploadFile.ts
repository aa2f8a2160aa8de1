import { ApiError, errorFrom } from '../../api/ApiError';

/** Where a file goes and what goes with it. */
export interface Parcel {
  path: string;
  workspace: string;
  file: File;
  fields: Readonly<Record<string, string | number>>;
  idempotencyKey: string;
}

/**
 * Sends a file, telling how far it is from 0 to 1. Rejects with an ApiError, as `send` does; fetch cannot tell progress.
 * An abort rejects with the signal's reason.
 */
export function uploadFile<Answer>({ path, workspace, file, fields, idempotencyKey }: Parcel, onProgress: (part: number) => void, signal: AbortSignal): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
  body.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/problem+json, application/json');
    request.setRequestHeader('Almoner-Workspace', workspace);
    request.setRequestHeader('Language', document.documentElement.lang);
    request.setRequestHeader('X-CSRF-Token', csrfToken());
    request.setRequestHeader('Idempotency-Key', idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => {
      const headers = new Headers();
      for (const name of ['Content-Type', 'X-Request-ID', 'Retry-After']) {
        const value = request.getResponseHeader(name);
        if (value !== null) headers.set(name, value);
      }
      const response = new Response(request.responseText, { status: request.status, statusText: request.statusText, headers });
      if (!response.ok) void errorFrom(response).then(reject);
      else response.json().then((answer) => { resolve(answer as Answer); }, reject); // the caller names what the operation answers
    };
    request.onerror = () => {
      reject(new ApiError({ status: 0, code: 'network', message: 'No answer from the server' }));
    };
    request.onabort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
    };
    signal.addEventListener('abort', () => { request.abort(); }, { once: true });
    request.send(body);
  });
}

function csrfToken(): string {
  const [, token = ''] = /(?:^|; )almoner_csrf=([^;]*)/.exec(document.cookie) ?? [];
  return decodeURIComponent(token);
}
