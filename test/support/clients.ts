import { PassThrough } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport as StreamsV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { StdioServerTransport as Streams } from '@modelcontextprotocol/server/stdio';
import type { Host } from '../../src/server/host.js';
import type { Serving } from '../../src/server/serving.js';
import { overStdio } from '../../src/server/stdio.js';

/** SDK v2 on protocol 2026-07-28, SDK v2 on 2025-11-25, and SDK v1. */
export const KINDS = ['modern', 'legacy', 'v1'] as const;
export type Kind = (typeof KINDS)[number];

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (step: { progress: number; total?: number; message?: string }) => void;
}

export interface CallResult {
  readonly isError: boolean;
  readonly text: string;
  readonly content: readonly { readonly type: string }[];
  readonly structured: unknown;
}

/** What the tests ask of a client, whatever SDK and protocol era it speaks. */
export interface Peer {
  readonly tools: () => Promise<readonly { name: string; inputSchema: object; outputSchema?: object }[]>;
  readonly call: (name: string, args?: Record<string, unknown>, options?: CallOptions) => Promise<CallResult>;
  readonly read: (uri: string) => Promise<string>;
  readonly list: (cursor?: string) => Promise<{ resources: { uri: string }[]; nextCursor?: string }>;
  readonly templates: () => Promise<readonly { uriTemplate: string }[]>;
  readonly complete: (
    uri: string,
    name: string,
    value: string,
    filled?: Record<string, string>,
  ) => Promise<{ values: string[]; hasMore?: boolean; total?: number }>;
  readonly prompts: () => Promise<readonly { name: string }[]>;
  /** The text of each message, a document as its URI. */
  readonly prompt: (name: string, args: Record<string, string>) => Promise<readonly string[]>;
  /** Every URI announced as updated, and 'list' for each change of the list, from now on. */
  readonly follow: (uris: readonly string[]) => Promise<string[]>;
  readonly instructions: () => string | undefined;
  readonly close: () => Promise<void>;
}

const INFO = { name: 'test', version: '1' };

function newClient(kind: Exclude<Kind, 'v1'>): Client {
  return new Client(INFO, kind === 'modern' ? { versionNegotiation: { mode: 'auto' } } : {});
}

/** A client in this process on a pair of streams, with the server at the other end. */
export async function connectStreams(host: Host, kind: Kind): Promise<Peer & { serving: Serving }> {
  const up = new PassThrough();
  const down = new PassThrough();
  const serving = overStdio(host, { stdin: up, stdout: down });
  if (kind === 'v1') {
    const client = new ClientV1(INFO);
    await client.connect(new StreamsV1(down, up));
    return { ...peerV1(client, serving.close), serving };
  }
  const client = newClient(kind);
  await client.connect(new Streams(down, up));
  return { ...peer(client, kind, serving.close), serving };
}

/** A client of a server process of its own. */
export async function connectProcess(command: string, args: string[], kind: Kind): Promise<Peer> {
  if (kind === 'v1') {
    const client = new ClientV1(INFO);
    await client.connect(new StdioClientTransportV1({ command, args, stderr: 'ignore' }));
    return peerV1(client);
  }
  const client = newClient(kind);
  await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }));
  return peer(client, kind);
}

export async function connectHttp(url: string, kind: Kind, token?: string): Promise<Peer> {
  const requestInit = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  if (kind === 'v1') {
    const client = new ClientV1(INFO);
    const transport = new HttpV1(new URL(url), { requestInit });
    await client.connect(transport);
    return peerV1(client, () => transport.terminateSession());
  }
  const client = newClient(kind);
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
  await client.connect(transport);
  return peer(client, kind, async () => {
    if (kind === 'legacy') await transport.terminateSession();
  });
}

function result(raw: Readonly<Record<string, unknown>>): CallResult {
  const content: { type: string; text?: string }[] = Array.isArray(raw['content']) ? raw['content'] : [];
  const text = content.map(block => block.text ?? '').join('');
  return { isError: raw['isError'] === true, text, content, structured: raw['structuredContent'] };
}

const DONE = async () => {};

/** What both SDKs say in the same words. */
function common(client: Client | ClientV1, end: () => Promise<void>) {
  return {
    tools: async () => (await client.listTools()).tools,
    async read(uri: string) {
      const [first] = (await client.readResource({ uri })).contents;
      return first && 'text' in first ? first.text : '';
    },
    templates: async () => (await client.listResourceTemplates()).resourceTemplates,
    complete: async (uri: string, name: string, value: string, filled?: Record<string, string>) =>
      (
        await client.complete({
          ref: { type: 'ref/resource', uri },
          argument: { name, value },
          ...(filled && { context: { arguments: filled } }),
        })
      ).completion,
    prompts: async () => (await client.listPrompts()).prompts,
    async prompt(name: string, args: Record<string, string>) {
      const { messages } = await client.getPrompt({ name, arguments: args });
      return messages.map(({ content }) =>
        content.type === 'text' ? content.text : content.type === 'resource' ? content.resource.uri : '',
      );
    },
    instructions: () => client.getInstructions(),
    async close() {
      await end();
      await client.close();
    },
  };
}

function peer(client: Client, kind: Kind, end: () => Promise<void> = DONE): Peer {
  return {
    ...common(client, end),
    call: async (name, args = {}, options) =>
      result(await client.callTool({ name, arguments: args }, options)),
    list: cursor =>
      client.request({ method: 'resources/list', params: cursor === undefined ? {} : { cursor } }),
    async follow(uris) {
      const heard: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri);
      });
      client.setNotificationHandler('notifications/resources/list_changed', () => {
        heard.push('list');
      });
      if (kind === 'modern') {
        await client.listen({ resourceSubscriptions: [...uris], resourcesListChanged: true });
      } else for (const uri of uris) await client.subscribeResource({ uri });
      return heard;
    },
  };
}

function peerV1(client: ClientV1, end: () => Promise<void> = DONE): Peer {
  return {
    ...common(client, end),
    call: async (name, args = {}, options) =>
      result(await client.callTool({ name, arguments: args }, undefined, options)),
    list: cursor => client.listResources(cursor === undefined ? undefined : { cursor }),
    async follow(uris) {
      const heard: string[] = [];
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
        heard.push(params.uri);
      });
      client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
        heard.push('list');
      });
      for (const uri of uris) await client.subscribeResource({ uri });
      return heard;
    },
  };
}
