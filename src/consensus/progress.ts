import { sha256Of } from '../evidence/digest.js';
import { readStatus } from '../tracker/status.js';

/**
 * A list of tasks without the marks of how far it is: ticks of boxes, and known statuses in the column "Status" of its tables.
 * Whatever else stands there is text like any other.
 */
export function withoutProgress(text: string): string {
  let column = -1;
  return text
    .split('\n')
    .map(line => {
      if (!line.trimStart().startsWith('|')) {
        column = -1;
        return line.replace(/^(\s*[-*+] \[)[xX](\])/, '$1 $2');
      }
      const cells = line.split('|');
      if (column === -1) column = cells.findIndex(cell => cell.trim().toLowerCase() === 'status');
      const cell = cells[column]?.trim() ?? '';
      if (readStatus(cell).status === null) return line;
      return cells.with(column, ' - ').join('|');
    })
    .join('\n');
}

/** Digest of a list of tasks as if none was begun. */
export function workDigest(bytes: Buffer): string {
  return sha256Of(Buffer.from(withoutProgress(bytes.toString())));
}
