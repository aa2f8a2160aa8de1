/** What went wrong with a request, in one shape whatever the server or the network did. */
export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** A stable word for the kind of trouble: the server's own code, or `network`, `timeout`, or `http_<status>`. */
  readonly code: string;
  /** The number an operator finds in the log; empty when the request never arrived. */
  readonly requestId: string;
  /** Messages by the path of the field they belong to, such as `tpm_activities.0.partner`. */
  readonly fields: Record<string, string[]>;
  /** Seconds after which trying again makes sense, when the server said so. */
  readonly retryAfter: number | undefined;

  constructor(trouble: {
    status: number;
    code: string;
    message: string;
    requestId?: string;
    fields?: Record<string, string[]>;
    retryAfter?: number | undefined;
    cause?: unknown;
  }) {
    super(trouble.message, { cause: trouble.cause });
    this.name = 'ApiError';
    this.status = trouble.status;
    this.code = trouble.code;
    this.requestId = trouble.requestId ?? '';
    this.fields = trouble.fields ?? {};
    this.retryAfter = trouble.retryAfter;
  }

  /** The server does not know who asks: the session ended or never was. */
  get signedOut(): boolean {
    return this.status === 401 || (this.status === 403 && signedOutCodes.has(this.code));
  }

  /** Trying the same again may help: no answer, too busy, or the server's own trouble. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

// The TPM wire answers 403 instead of 401 when no credentials came; the code tells the two apart.
const signedOutCodes = new Set(['not_authenticated', 'unauthenticated', 'auth.unauthenticated', 'auth.not_authenticated']);

/** Reads whatever error body the server sent, problem document or plain, into one ApiError. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const body = await bodyOf(response);
  const seconds = Number(response.headers.get('Retry-After') ?? '');
  const trouble = {
    status: response.status,
    code: `http_${response.status}`,
    message: response.statusText,
    requestId: response.headers.get('X-Request-ID') ?? '',
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    fields: {},
  };
  if (typeof body === 'string') return new ApiError({ ...trouble, message: body.slice(0, 300) || trouble.message });
  if (!isRecord(body)) {
    return new ApiError({ ...trouble, fields: collect(body) });
  }
  const problem = (response.headers.get('Content-Type') ?? '').includes('problem+json');
  const fields = problem ? fromProblem(body.errors) : collect(body);
  return new ApiError({
    ...trouble,
    fields,
    code: text(body.code) ?? trouble.code,
    message: text(body.detail) ?? text(body.title) ?? Object.values(fields)[0]?.[0] ?? trouble.message,
    requestId: text(body.request_id) ?? trouble.requestId,
  });
}

async function bodyOf(response: Response): Promise<unknown> {
  const kind = response.headers.get('Content-Type') ?? '';
  try {
    if (kind.includes('json')) return await response.json();
    return kind.startsWith('text/plain') ? (await response.text()).trim() : undefined;
  } catch {
    return undefined; // cut off or not what its header says: the status has to do
  }
}

function fromProblem(errors: unknown): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  if (!Array.isArray(errors)) return fields;
  for (const error of errors) {
    if (!isRecord(error)) continue;
    (fields[text(error.path) ?? ''] ??= []).push(text(error.message) ?? text(error.code) ?? '');
  }
  return fields;
}

/** Flattens a field → messages body, whose values nest as the sent data does, into paths. */
function collect(body: unknown, path = '', into: Record<string, string[]> = {}): Record<string, string[]> {
  if (typeof body === 'string') {
    (into[path] ??= []).push(body);
  } else if (Array.isArray(body)) {
    body.forEach((part, index) => {
      collect(part, typeof part === 'string' ? path : join(path, String(index)), into);
    });
  } else if (isRecord(body)) {
    for (const [name, part] of Object.entries(body)) {
      const wrapper = path === '' && (name === 'detail' || name === 'code' || name === 'request_id');
      if (!wrapper) collect(part, name === 'non_field_errors' ? path : join(path, name), into);
    }
  }
  return into;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The id in an address; a made-up one leads nowhere. */
export function recordId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new ApiError({ status: 404, code: 'not_found', message: 'There is no such record' });
  return Number(text);
}
