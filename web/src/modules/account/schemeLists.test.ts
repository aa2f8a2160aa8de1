import { describe, expect, it } from 'vitest';
import { readList } from '../../kit/listState';
import { rolesParams, rolesShape, usersParams, usersShape } from './schemeLists';

describe('the list of users', () => {
  it('asks in the words of the server', () => {
    const state = readList({ q: ' kofi ', kind: 'OFFICER', role: '7', place: '1.17', gone: 'yes', sort: '-name', page: 2 }, usersShape);
    expect(usersParams(state)).toMatchObject({ str: 'kofi', user_types: 'OFFICER', role_id: '7', district_id: '17', show_deleted: true });
  });

  it('passes over what means nothing', () => {
    expect(usersParams(readList({ kind: 'QUEEN', role: 'x', place: '9.1' }, usersShape))).toMatchObject({ user_types: undefined, role_id: undefined, ordering: 'username' });
  });
});

describe('the list of roles', () => {
  it('leaves out what came with the program when asked to', () => {
    expect(rolesParams(readList({ own: 'yes', q: 'reg' }, rolesShape))).toMatchObject({ shipped: false, name__icontains: 'reg' });
  });
});
