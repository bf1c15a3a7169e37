import type { Host } from './host.js';

/** Logs what nobody expected and returns the id under which it stands there; the client gets only the id. */
export function logFailure({ log }: Pick<Host, 'log'>, what: string, error: unknown): string {
  const id = crypto.randomUUID().slice(0, 8);
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`[${id}] ${printable(what)}: ${cause.split('\n').map(printable).join('\n')}`);
  return id;
}

/** One line of at most 300 characters that a terminal only prints: clients choose parts of what is logged. */
export function printable(text: string): string {
  return text.slice(0, 300).replace(/\p{C}/gu, '?');
}
