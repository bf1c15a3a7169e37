/**
 * Stable codes of expected failures. The CLI turns them into exit codes:
 * usage and configuration 4, infrastructure 5, a lost race 2.
 */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'CONFIG_INVALID'
  | 'NOT_FOUND'
  | 'AMBIGUOUS'
  | 'OUTSIDE_WORKSPACE'
  | 'WORKSPACE_NOT_ALLOWED'
  | 'LIMIT_EXCEEDED'
  | 'NOT_TEXT'
  | 'REFUSED'
  | 'EXISTS'
  | 'BUSY'
  | 'RATE_LIMITED'
  | 'CANCELLED'
  | 'STALE_WRITE'
  | 'GIT_UNAVAILABLE'
  | 'FILE_UNAVAILABLE'
  | 'EVIDENCE_WRITE_FAILED'
  | 'EVIDENCE_FS_NO_LINK';

/**
 * An expected failure. `message` says what, why and what to do next; we wrote it, it names no absolute
 * path and no secret, and so it may be shown to a model.
 */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The one form in which an expected failure is printed: the sentence, then its code. */
export function describeError(error: SpecError): string {
  return `${error.message} (${error.code})`;
}
