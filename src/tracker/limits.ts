import { SpecError } from '../errors.js';

/** What a tracker may be. Beyond it every call ends with LIMIT_EXCEEDED instead of taking long. */
export const LIMITS = {
  fileBytes: 32 * 1024 * 1024,
  lineBytes: 64 * 1024,
  rows: 200_000,
  columns: 64,
} as const;

export function lineTooLong(line: number): SpecError {
  return new SpecError(
    'LIMIT_EXCEEDED',
    `Line ${line} of the tracker has more than ${LIMITS.lineBytes} bytes, the limit for one line. Shorten it: move long text into a document and name its path.`,
  );
}

export function tooManyColumns(line: number): SpecError {
  return new SpecError(
    'LIMIT_EXCEEDED',
    `Line ${line} of the tracker has more than ${LIMITS.columns} cells, the limit for a table. Remove columns, or escape pipes that are text as \\|.`,
  );
}

export function tooManyRows(line: number): SpecError {
  return new SpecError(
    'LIMIT_EXCEEDED',
    `Line ${line} of the tracker is task row ${LIMITS.rows + 1}; the limit is ${LIMITS.rows} rows. Move finished tasks to another file.`,
  );
}
