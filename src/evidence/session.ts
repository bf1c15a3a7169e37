import type { Workspace } from '../workspace/workspace.js';

/** A new session id: the start in UTC and 8 random hex digits, a safe file name on every system. */
export function newSessionId({ now, randomHex }: Workspace): string {
  return `${now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomHex(4)}`;
}

/** Milliseconds since 1970 at which the session started, by its name; NaN when it is no session id. */
export function sessionStart(name: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
