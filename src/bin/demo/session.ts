import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { VERSION } from '../../version.js';

/** A real MCP client that talks to the real server over stdio. */
export interface Session {
  tools(): Promise<readonly string[]>;
  /** The structured result of a tool. Throws with the tool's own words when the call could not be carried out. */
  call(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  read(uri: string): Promise<string>;
  /** Ends the server as a crash would. */
  kill(): void;
  close(): Promise<void>;
}

const CALL_MS = 600_000;

/** Beside this file in the bundle. */
const program = fileURLToPath(new URL('./spec-kit-mcp.js', import.meta.url));

export async function openSession(root: string, env: Readonly<Record<string, string>>): Promise<Session> {
  const client = new Client(
    { name: 'spec-kit-demo', version: VERSION },
    { versionNegotiation: { mode: 'auto' } },
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'serve', '--workspace', root],
    env: { PATH: process.env['PATH'] ?? '', HOME: root, ...env },
    stderr: 'ignore',
  });
  await client.connect(transport);
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args) {
      const result = await client.callTool({ name, arguments: { ...args } }, { timeout: CALL_MS });
      if (result.isError !== true) return result.structuredContent;
      const [first] = result.content;
      throw new Error(`${name}: ${first?.type === 'text' ? first.text : 'failed without a word'}`);
    },
    async read(uri) {
      const [first] = (await client.readResource({ uri })).contents;
      if (first === undefined || !('text' in first)) throw new Error(`${uri} is no text.`);
      return first.text;
    },
    kill() {
      if (transport.pid !== null) process.kill(transport.pid, 'SIGKILL');
    },
    close: () => client.close(),
  };
}
