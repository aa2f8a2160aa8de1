import type { Session } from '../kit/session';

/** Thrown by a route that the person may not enter; the error page offers what they may. */
export class NoAccess extends Error {
  constructor(
    readonly session: Session,
    readonly workspace: string,
    /** `workspace`: no part in it at all; `screen`: in the workspace, but not this screen. */
    readonly what: 'workspace' | 'screen' = 'workspace',
  ) {
    super(`no access to ${workspace}`);
    this.name = 'NoAccess';
  }
}

/** Thrown when somebody is signed in who belongs to no workspace yet. */
export class NoWorkspace extends Error {
  constructor(readonly session: Session) {
    super('no workspace');
    this.name = 'NoWorkspace';
  }
}
