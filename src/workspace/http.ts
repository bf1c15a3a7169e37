export interface HttpRequest {
  /** Scheme, host and port, e.g. `http://127.0.0.1:7878`: nothing else is contacted, whatever the answer says. */
  readonly origin: string;
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** From the look-up of the host to the last byte. */
  readonly timeoutMs: number;
  /** The rest of a longer body is not read. */
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** What was read of it, never decoded. */
  readonly body: Buffer;
  /** `unread`: it is encoded although we asked for none. `cut`: it is longer than allowed. `broken`: see `failure`. */
  readonly bodyEnd: 'whole' | 'cut' | 'unread' | 'broken';
}

export interface HttpFailure {
  readonly cause: 'dns' | 'refused' | 'timeout' | 'tls' | 'connection' | 'cancelled';
  /** Our words, a sentence without its subject: "refused the connection (ECONNREFUSED)". */
  readonly reason: string;
}

/** What came over the wire, and why no more came. */
export interface HttpExchange {
  /** Undefined when no status line came. */
  readonly response: HttpResponse | undefined;
  readonly failure: HttpFailure | undefined;
  /** The IP address that was connected to. */
  readonly address: string | undefined;
  readonly durationMs: number;
}

/**
 * Sends one request on a connection of its own. Follows no redirect, decodes nothing, uses no proxy, keeps no cookie; certificates are
 * verified. The name `localhost` and loopback addresses stay on this machine; every other host must not lead to loopback,
 * link-local, unspecified or multicast addresses. Never throws.
 */
export type SendRequest = (request: HttpRequest) => Promise<HttpExchange>;
