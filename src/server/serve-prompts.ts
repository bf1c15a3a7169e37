import { type McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { describeError, SpecError } from '../errors.js';
import { inert } from '../inert.js';
import type { Prompt } from '../prompt.js';
import type { Host } from './host.js';
import { logFailure } from './log-failure.js';

const MAX_ARGUMENT = 20_000;

/** Hangs the prompts on one server instance. Their variables are completed with those of the resources. */
export function servePrompts({ server }: McpServer, host: Host): void {
  const { prompts = [] } = host;
  server.registerCapabilities({ prompts: { listChanged: false } });
  server.setRequestHandler('prompts/list', () => ({ prompts: prompts.map(listed) }));
  server.setRequestHandler('prompts/get', async ({ params }) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (prompt === undefined)
      throw invalid(`There is no such prompt. There are: ${prompts.map(({ name }) => name).join(', ')}.`);
    try {
      return await get(host, prompt, params.arguments ?? {});
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      if (error instanceof SpecError) throw invalid(inert(describeError(error)));
      const id = logFailure(host, prompt.name, error);
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        `The prompt failed; the server's log has the cause under ${id}.`,
      );
    }
  });
}

function listed({ name, title, description, args }: Prompt) {
  return { name, title, description, arguments: args.map(argument => ({ ...argument })) };
}

async function get(
  { tools, workspaces: [workspace] }: Host,
  prompt: Prompt,
  given: Readonly<Record<string, string>>,
) {
  const known = prompt.args.map(({ name }) => name);
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name))
      throw invalid(`${prompt.name} has no argument of that name. Its arguments are ${known.join(', ')}.`);
    if (value.length > MAX_ARGUMENT) throw invalid(`${name} is longer than ${MAX_ARGUMENT} characters.`);
  }
  const call = prompt.calls(given).find(({ tool }) => tools.some(({ name }) => name === tool));
  if (call === undefined) throw invalid(`This server has no tool for ${prompt.name}.`);
  const { words, documents, links } = await prompt.write(call, workspace);
  const also = links.length === 0 ? '' : `\nRead also: ${links.join(', ')}`;
  return {
    description: prompt.description,
    messages: [
      { role: 'user' as const, content: { type: 'text' as const, text: inert(words + also) } },
      ...documents.map(({ uri, mimeType, text }) => ({
        role: 'user' as const,
        content: { type: 'resource' as const, resource: { uri, mimeType, text: inert(text) } },
      })),
    ],
  };
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
