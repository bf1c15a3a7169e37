import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { argumentProblems } from '../argument-problems.js';
import { describeError, SpecError } from '../errors.js';
import type { Resource } from '../resource.js';
import type { Host } from './host.js';
import { logFailure } from './log-failure.js';
import { listResources } from './resource-pages.js';
import { isFixed, matchUri } from './resource-uri.js';

const MAX_COMPLETIONS = 100;

/** Hangs the resources on one server instance: listing in pages, templates, reading, completion. */
export function serveResources({ server }: McpServer, host: Host): void {
  const { resources } = host;
  const [workspace] = host.workspaces;
  server.registerCapabilities({ resources: { subscribe: true, listChanged: true }, completions: {} });
  server.setRequestHandler('resources/list', request =>
    answering(host, 'resources/list', async () => ({
      ...(await listResources(resources, workspace, request.params?.cursor)),
    })),
  );
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: resources.filter(resource => !isFixed(resource)).map(template),
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }, { mcpReq }) =>
    answering(host, uri, () => withSlot(host, mcpReq.signal, () => read(host, uri))),
  );
  server.setRequestHandler('completion/complete', ({ params: { ref, argument, context } }) =>
    answering(host, argument.name, async () => {
      const values =
        ref.type === 'ref/resource'
          ? await complete(host, ref.uri, argument.name, argument.value, context?.arguments ?? {})
          : await completePrompt(host, ref.name, argument.name, argument.value);
      return {
        completion: {
          values: values.slice(0, MAX_COMPLETIONS),
          total: values.length,
          hasMore: values.length > MAX_COMPLETIONS,
        },
      };
    }),
  );
}

function template({ name, title, description, mimeType, uri }: Resource) {
  return { name, title, description, mimeType, uriTemplate: uri };
}

async function read({ resources, workspaces: [workspace] }: Host, uri: string) {
  const match = matchUri(resources, uri);
  if (!match) throw new ResourceNotFoundError(uri);
  const { resource, variables } = match;
  if (!variables) throw invalid('The URI has a broken percent-encoding.');
  const params = resource.params.safeParse(variables);
  if (!params.success) throw invalid(`${resource.uri}: ${argumentProblems(params.error)}`);
  const text = await resource.read(params.data, workspace);
  if (text === undefined) throw new ResourceNotFoundError(uri);
  return { contents: [{ uri, mimeType: resource.mimeType, text }] };
}

async function complete(
  { resources, workspaces: [workspace] }: Host,
  uri: string,
  variable: string,
  value: string,
  filled: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const resource = resources.find(each => each.uri === uri);
  if (!resource) throw invalid('Only variables of the listed resource templates can be completed.');
  if (!resource.uri.includes(`{${variable}}`)) return [];
  return resource.complete(variable, value, filled, workspace);
}

async function completePrompt(
  { prompts = [], workspaces: [workspace] }: Host,
  name: string,
  argument: string,
  value: string,
): Promise<readonly string[]> {
  const prompt = prompts.find(each => each.name === name);
  if (!prompt) throw invalid('Only arguments of the listed prompts can be completed.');
  return prompt.complete(argument, value, workspace);
}

async function withSlot<T>({ reads }: Host, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const leave = await reads.enter(signal);
  try {
    return await work();
  } finally {
    leave();
  }
}

/** Our own sentences pass; whatever else is thrown stays in the log. */
async function answering<T>(host: Host, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (error instanceof SpecError) throw invalid(describeError(error));
    const id = logFailure(host, what, error);
    throw new ProtocolError(
      ProtocolErrorCode.InternalError,
      `The server failed to answer; its log has the cause under ${id}.`,
    );
  }
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
