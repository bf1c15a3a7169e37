import type { Agent, AgentRole } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { parseBase } from '../hal/target.js';
import { isLoopbackHost } from '../loopback.js';
import type { AgentFailure } from './agent.js';

/** The one place that a question goes to. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** '' or a path without the slash at its end. */
  readonly basePath: string;
  /** Host and port, for people. */
  readonly host: string;
  /** The provider's own address, as opposed to a configured one. */
  readonly own: boolean;
  readonly local: boolean;
}

/** Prompts and keys go over TLS or stay on this machine. */
export function endpointOf(
  role: AgentRole,
  { base_url }: Agent,
  usual: string,
): { readonly endpoint: Endpoint } | { readonly failure: AgentFailure } {
  const source = `[agents.${role}] base_url`;
  try {
    const url = parseBase(base_url ?? usual, source);
    const local = isLoopbackHost(url.hostname);
    if (!local && url.protocol !== 'https:')
      throw new SpecError(
        'CONFIG_INVALID',
        `${source} is neither https nor this machine, and prompts and keys would be readable on the way. Use https.`,
      );
    return {
      endpoint: {
        origin: url.origin,
        basePath: url.pathname.replace(/\/+$/, ''),
        host: url.host,
        own: url.host === new URL(usual).host,
        local,
      },
    };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { failure: { code: 'config', message: error.message } };
  }
}
