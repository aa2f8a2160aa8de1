import { expect, test } from 'vitest';
import { localPath } from './localPath';

test.each(['/KEN', '/KEN/visits?status=draft#top', '/LBN/visits/12/report'])('%s stays', (next) => {
  expect(localPath(next)).toBe(next);
});

test.each([
  'https://evil.example/KEN',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  'KEN/visits',
  '/login?next=/KEN',
  '/api/auth/logout/',
  '',
  undefined,
  12,
])('%s is refused', (next) => {
  expect(localPath(next)).toBeUndefined();
});
