/** What a person ordered for one run on the command line. No tool argument leads here. */
export interface Orders {
  /** `implement --take-over`: take a lock whose process is gone. */
  readonly takeOver?: ByPerson | undefined;
  /** `unlock --force`: release without a passed audit, and whoever holds the lock. */
  readonly force?: ByPerson | undefined;
}

export interface ByPerson {
  /** Git identity, such as "Ana <ana@example.com>". */
  readonly identity: string;
  readonly reason: string;
}
