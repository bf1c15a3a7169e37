import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Hub } from './hub.js';

/** Per connection; what is over it is still announced when a tool changes it, if the client listens for it. */
const MAX_WATCHED = 256;

/** Which resources one connection wants to hear about. */
export interface Interest {
  has(uri: string): boolean;
  add(uri: string): boolean;
  remove(uri: string): void;
  clear(): void;
}

export function createInterest(hub: Hub): Interest {
  const watches = new Map<string, () => void>();
  const remove = (uri: string) => {
    watches.get(uri)?.();
    watches.delete(uri);
  };
  return {
    has: uri => watches.has(uri),
    add(uri) {
      if (watches.has(uri)) return true;
      if (watches.size >= MAX_WATCHED) return false;
      watches.set(uri, hub.watch(uri));
      return true;
    },
    remove,
    clear() {
      for (const uri of [...watches.keys()]) remove(uri);
    },
  };
}

/**
 * Connects a long-lived instance (stdio, or a legacy session) to the hub until it closes. On the legacy era the
 * client subscribes to single URIs here; on the modern one the transport filters by its `subscriptions/listen`.
 */
export function joinHub({ server }: McpServer, hub: Hub, era: 'legacy' | 'modern'): void {
  const interest = createInterest(hub);
  const leave = hub.join({
    updated(uri) {
      if (server.transport && (era === 'modern' || interest.has(uri))) {
        server.sendResourceUpdated({ uri }).catch(() => {});
      }
    },
    listChanged() {
      if (server.transport) server.sendResourceListChanged().catch(() => {});
    },
  });
  server.onclose = () => {
    leave();
    interest.clear();
  };
  server.setRequestHandler('resources/subscribe', ({ params }) => {
    if (!interest.add(params.uri)) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `A connection may subscribe to ${MAX_WATCHED} resources. Unsubscribe from one first.`,
      );
    }
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    interest.remove(params.uri);
    return {};
  });
}
