import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Hub } from './hub.js';
import { createInterest, type Interest } from './subscriptions.js';

/** The parts of `subscriptions/listen` and of its cancellation that tell which resources to watch. */
const Listen = z.object({
  id: z.union([z.string(), z.number()]),
  params: z.object({ notifications: z.object({ resourceSubscriptions: z.array(z.string()) }) }),
});
const Cancelled = z.object({
  params: z.object({ requestId: z.union([z.string(), z.number()]) }),
});

/** Watches on disk what modern clients listen to; the SDK keeps their subscriptions to itself. */
export interface Listening {
  /** Takes every inbound message, and minds only those two. */
  notice(message: JSONRPCMessage): void;
  clear(): void;
}

/** `maxOpen`: how many subscriptions the transport allows. */
export function createListening(hub: Hub, maxOpen: number): Listening {
  const open = new Map<string | number, Interest>();
  const end = (id: string | number) => {
    open.get(id)?.clear();
    open.delete(id);
  };
  const begin = (message: JSONRPCMessage) => {
    const { data } = Listen.safeParse(message);
    if (!data || open.size >= maxOpen) return;
    end(data.id);
    const interest = createInterest(hub);
    open.set(data.id, interest);
    for (const uri of data.params.notifications.resourceSubscriptions) interest.add(uri);
  };
  return {
    notice(message) {
      if (!('method' in message)) return;
      if (message.method === 'subscriptions/listen') begin(message);
      if (message.method !== 'notifications/cancelled') return;
      const { data } = Cancelled.safeParse(message);
      if (data) end(data.params.requestId);
    },
    clear() {
      for (const id of [...open.keys()]) end(id);
    },
  };
}
