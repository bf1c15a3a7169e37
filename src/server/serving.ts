/** A transport that is up. */
export interface Serving {
  /** Stops taking messages, lets or makes running calls end, resolves when all is closed. */
  close(): Promise<void>;
  /** Resolves to the exit code the process should end with, when the transport has closed for any reason. */
  readonly ended: Promise<number>;
}

/** Ends on SIGTERM, SIGINT and SIGHUP; a second signal does not wait. */
export function stopOnSignals({ close }: Serving): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    void close();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
}
