// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { errorFrom } from './ApiError';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'Content-Type': 'application/json', 'X-Request-ID': 'req-1', ...headers } });
}

describe('errorFrom', () => {
  test('reads a problem document', async () => {
    const error = await errorFrom(
      answer(
        400,
        {
          title: 'Invalid',
          code: 'invalid',
          detail: 'Two things are wrong',
          request_id: 'req-7',
          errors: [
            { path: 'tpm_activities.0.partner', code: 'required', message: 'Choose a partner' },
            { path: 'tpm_activities.0.partner', code: 'gone', message: 'Choose another' },
            { path: 'date', code: 'past', message: 'Too early' },
          ],
        },
        { 'Content-Type': 'application/problem+json; charset=utf-8' },
      ),
    );
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid',
      message: 'Two things are wrong',
      requestId: 'req-7',
      fields: { 'tpm_activities.0.partner': ['Choose a partner', 'Choose another'], date: ['Too early'] },
    });
  });

  test('flattens field messages that nest as the data does', async () => {
    const error = await errorFrom(answer(400, { tpm_activities: [{}, { partner: ['Required'] }], non_field_errors: ['No change'], email: ['Wrong'] }));
    expect(error.fields).toEqual({ 'tpm_activities.1.partner': ['Required'], '': ['No change'], email: ['Wrong'] });
    expect(error.requestId).toBe('req-1');
  });

  test('takes a plain list of messages as belonging to the whole', async () => {
    expect((await errorFrom(answer(400, ['You should change something']))).fields).toEqual({ '': ['You should change something'] });
  });

  test.each([
    ['html from a proxy', '<html>', { 'Content-Type': 'text/html' }],
    ['json that was cut off', '{"detail": "he', {}],
    ['nothing', '', {}],
  ])('makes do with %s', async (_, body, headers) => {
    const error = await errorFrom(answer(502, body, headers));
    expect(error).toMatchObject({ status: 502, code: 'http_502', fields: {}, passing: true });
  });

  test('knows who is signed out from who is refused', async () => {
    expect((await errorFrom(answer(401, { detail: 'x' }))).signedOut).toBe(true);
    expect((await errorFrom(answer(403, { code: 'not_authenticated', detail: 'x' }))).signedOut).toBe(true);
    expect((await errorFrom(answer(403, { code: 'forbidden', detail: 'x' }))).signedOut).toBe(false);
  });

  test('passes on when to try again', async () => {
    expect((await errorFrom(answer(429, {}, { 'Retry-After': '30' }))).retryAfter).toBe(30);
  });
});
