import * as z from 'zod';
import { inert } from '../inert.js';
import type { Workspace } from '../workspace/workspace.js';

/** Where servers of local models usually listen. */
const PORTS = [
  [11434, 'Ollama'],
  [1234, 'LM Studio'],
  [8000, 'vLLM'],
] as const;

const LIMIT_MS = 1000;
const MAX_BYTES = 256 * 1024;
const MOST_MODELS = 20;

const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

export interface LocalServer {
  readonly baseUrl: string;
  /** Who usually listens there. */
  readonly usual: string;
  readonly models: readonly string[];
}

/** The servers on this machine that list their models as the API chat-completions does. Nothing but the list is asked for. */
export async function findLocalServers(
  { http }: Workspace,
  signal: AbortSignal,
): Promise<readonly LocalServer[]> {
  const found = await Promise.all(
    PORTS.map(async ([port, usual]) => {
      const origin = `http://127.0.0.1:${port}`;
      const { response } = await http({
        origin,
        method: 'GET',
        path: '/v1/models',
        headers: { accept: 'application/json' },
        body: undefined,
        timeoutMs: LIMIT_MS,
        maxBodyBytes: MAX_BYTES,
        signal,
      });
      if (response?.status !== 200 || response.bodyEnd !== 'whole') return [];
      const models = modelsIn(response.body);
      return models === undefined ? [] : [{ baseUrl: `${origin}/v1`, usual, models }];
    }),
  );
  return found.flat();
}

function modelsIn(body: Buffer): readonly string[] | undefined {
  try {
    const models = Models.safeParse(JSON.parse(body.toString()));
    return models.data?.data.slice(0, MOST_MODELS).map(({ id }) => inert(id).slice(0, 128));
  } catch {
    return undefined;
  }
}
