import { ApiError } from '../../api/ApiError';

/** The error with what the server said of fields as its words, for a dialog that has no such fields. */
export function toldAsOne(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const messages = Object.values(error.fields).flat();
  if (messages.length === 0) return error;
  return new ApiError({ status: error.status, code: error.code, message: messages.join(' '), requestId: error.requestId, cause: error });
}
