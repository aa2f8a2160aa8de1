/** The eight shapes of a visit's life; other lifecycles map their states onto them. */
export const visitStates = ['draft', 'assigned', 'accepted', 'rejected', 'reported', 'sent_back', 'approved', 'cancelled'] as const;

/** The states of a batch run. */
export const runStates = ['queued', 'running', 'paused', 'retrying', 'finished', 'finished_with_errors', 'failed', 'run_cancelled'] as const;

/** A state with a shape and a tone of its own. */
export type StateName = (typeof visitStates)[number] | (typeof runStates)[number];
