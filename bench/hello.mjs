// The base of the start-up ratios: a server on the same SDK with one tool that does nothing.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const input = z.object({ message: z.string() });

serveStdio(() => {
  const server = new McpServer({ name: 'hello', version: '1.0.0' });
  server.registerTool('echo', { description: 'Echo', inputSchema: input }, ({ message }) => ({
    content: [{ type: 'text', text: message }],
  }));
  return server;
});
