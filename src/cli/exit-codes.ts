import type { ErrorCode } from '../errors.js';

/** Exit codes that scripts rely on. */
export const EXIT = { passed: 0, failed: 1, conflict: 2, incomplete: 3, usage: 4, internal: 5 } as const;

const byCode: Partial<Record<ErrorCode, number>> = {
  STALE_WRITE: EXIT.conflict,
  BUSY: EXIT.conflict,
  CANCELLED: EXIT.incomplete,
  REFUSED: EXIT.failed,
  GIT_UNAVAILABLE: EXIT.internal,
  FILE_UNAVAILABLE: EXIT.internal,
  EVIDENCE_WRITE_FAILED: EXIT.internal,
  EVIDENCE_FS_NO_LINK: EXIT.internal,
};

/** What is not listed is a call that was wrong as it stood: usage or configuration. */
export function exitCodeOf(code: ErrorCode): number {
  return byCode[code] ?? EXIT.usage;
}
