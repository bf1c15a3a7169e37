import type { Described } from '../command.js';

/** Described like the others, and run by src/bin: it serves until its client leaves, so it has no answer to print. */
export const serveCommand: Described = {
  name: 'serve',
  summary: 'serve MCP over stdio (default) or Streamable HTTP',
  takes: '',
  positionals: [0, 0],
  flags: {
    workspace: {
      type: 'string',
      multiple: true,
      value: 'DIR',
      help: 'a git repository to work in; repeat it to allow several (default: the current one)',
    },
    http: { type: 'boolean', help: 'serve Streamable HTTP on 127.0.0.1 instead of stdio' },
    port: { type: 'string', value: 'N', help: 'port for --http (default 7331; 0 takes a free one)' },
    'no-auth': {
      type: 'boolean',
      help: 'with --http: no bearer token; any program on this machine may call',
    },
  },
  example: 'spec-kit-mcp serve --http --port 7331',
};
