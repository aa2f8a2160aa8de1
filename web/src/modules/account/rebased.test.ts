import { expect, test } from 'vitest';
import { rebased } from './rebased';

test('what was typed stays, what others changed comes, and lists that were not touched are theirs', () => {
  const before = { name: 'Registrar', blocked: false, rights: [1, 2], villages: [{ id: 1 }] };
  const typed = { name: 'Registrars', blocked: false, rights: [1, 2], villages: [{ id: 1 }, { id: 2 }] };
  const newest = { name: 'Clerk', blocked: true, rights: [1, 2, 3], villages: [{ id: 3 }] };
  expect(rebased(before, typed, newest)).toEqual({ name: 'Registrars', blocked: true, rights: [1, 2, 3], villages: [{ id: 1 }, { id: 2 }] });
});
