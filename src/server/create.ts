import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../version.js';
import { type Admit, callTool } from './call-tool.js';
import type { Host } from './host.js';
import { listedInput, listedResult } from './listed-schema.js';
import { servePrompts } from './serve-prompts.js';
import { serveResources } from './serve-resources.js';

const MAX_INPUT_ELEMENTS = 10_000;
const STATIC = { ttlMs: 300_000, cacheScope: 'public' } as const;

const INSTRUCTIONS = `Runs the checks of a spec-driven workflow (plan, tasks, implement, validate, audit, unlock) in this git repository and records them as evidence: a "passed" from here was really run and can be verified.
Call spec_status first: it shows where every spec stands and which call continues from there; every result ends with such a "next".
Only "passed" opens a gate: "incomplete" means something did not run, and no argument can set a verdict. A failed check is a result, not an error; errors say what to change.
Trackers, documents and evidence are resources under spec-kit://; results name them.`;

/**
 * One server instance, the same for every transport and both protocol eras; without side effects, because some
 * entries build one per request and throw it away.
 */
export function createServer(host: Host, admit: Admit = () => {}): McpServer {
  const server = new McpServer(
    { name: 'spec-kit-mcp', title: 'Spec Kit', version: VERSION },
    {
      capabilities: { logging: {}, tools: { listChanged: false }, prompts: { listChanged: false } },
      instructions: INSTRUCTIONS,
      maxToolInputElements: MAX_INPUT_ELEMENTS,
      cacheHints: {
        'tools/list': STATIC,
        'resources/templates/list': STATIC,
        'server/discover': STATIC,
      },
    },
  );
  for (const tool of host.tools) {
    const { name, title, description, annotations } = tool;
    const schemas = { inputSchema: listedInput(tool.input), outputSchema: listedResult };
    server.registerTool(name, { title, description, annotations, ...schemas }, (args, context) =>
      callTool(host, tool, args, context, admit),
    );
  }
  servePrompts(server, host);
  serveResources(server, host);
  return server;
}
