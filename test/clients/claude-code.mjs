import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT, readmeBlocks } from './readme.mjs';

const PREFIX = 'mcp__spec-kit__';

/** Anthropic Messages. Tools of servers are deferred: the model gets their names first and searches for the schemas. */
const dialect = {
  turn: /\/v1\/messages$/,
  received({ tools = [], messages = [] }) {
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
    const calls = new Map(parts.filter(part => part.type === 'tool_use').map(part => [part.id, part.name]));
    return {
      tools: tools
        .filter(({ name }) => name?.startsWith(PREFIX))
        .map(({ name, description, input_schema: schema }) => ({
          name: name.slice(PREFIX.length),
          call: { name },
          description,
          schema,
        })),
      results: parts
        .filter(part => part.type === 'tool_result' && calls.get(part.tool_use_id)?.startsWith(PREFIX))
        .map(({ tool_use_id, content }) => ({
          tool: calls.get(tool_use_id).slice(PREFIX.length),
          text: typeof content === 'string' ? content : content.map(part => part.text ?? '').join('\n'),
        })),
      find: search(messages),
    };
  },
  reply(step, number, { model }) {
    const usage = { input_tokens: 1, output_tokens: 1 };
    const [block, delta, stop_reason] = step.call
      ? [
          { type: 'tool_use', id: `toolu_${number}`, name: step.call.name, input: {} },
          { type: 'input_json_delta', partial_json: JSON.stringify(step.args) },
          'tool_use',
        ]
      : [{ type: 'text', text: '' }, { type: 'text_delta', text: step.say }, 'end_turn'];
    const message = { id: `msg_${number}`, type: 'message', role: 'assistant', model, content: [], usage };
    return [
      { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
      { type: 'message_stop' },
    ];
  },
};

/** The step that loads the schemas of our tools once their names were announced. */
function search(messages) {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map(part => part.text ?? ''),
  );
  const names = new Set(texts.join('\n').match(/\bmcp__spec-kit__\w+/g));
  if (names.size === 0) return undefined;
  return { call: { name: 'ToolSearch' }, args: { query: `select:${[...names].join()}`, max_results: 50 } };
}

function serverEntry(server) {
  return server.url
    ? { type: 'http', url: server.url, headers: { Authorization: `Bearer ${server.token}` } }
    : { type: 'stdio', command: server.command, args: server.args };
}

/** The checkout's own file as it is: its paths are relative, so the workspace gets a link to what was built. */
function useProjectFile(workspace) {
  cpSync(path.join(CHECKOUT, '.mcp.json'), path.join(workspace, '.mcp.json'));
  symlinkSync(path.join(CHECKOUT, 'dist'), path.join(workspace, 'dist'));
}

export const claudeCode = {
  name: 'claude-code',
  package: '@anthropic-ai/claude-code@2.1.330',
  entry: 'cli-wrapper.cjs',
  dialect,

  runs() {
    const command = readmeBlocks('sh')
      .find(text => text.startsWith('claude mcp add '))
      ?.trim();
    const readme = command === undefined ? { skip: 'no "claude mcp add" in README.md' } : { command };
    return [
      { label: 'stdio', transport: 'stdio' },
      { label: 'http', transport: 'http' },
      { label: 'http, 2025-11-25', transport: 'http', env: { MCP_PROTOCOL_NEGOTIATION: 'legacy' } },
      { label: 'project .mcp.json', transport: 'stdio', prepare: useProjectFile },
      { label: 'README mcp add', transport: 'stdio', ...readme },
    ];
  },

  launch({ home, modelUrl, server, run }) {
    const config = path.join(home, 'mcp.json');
    const asConfigured = run.prepare || run.command;
    if (!asConfigured)
      writeFileSync(config, JSON.stringify({ mcpServers: { 'spec-kit': serverEntry(server) } }));
    return {
      commands: [
        ...(run.command ? [run.command.split(' ').slice(1)] : []),
        [
          ...['-p', 'Check this repository.'],
          ...(asConfigured ? [] : ['--mcp-config', config, '--strict-mcp-config']),
          ...['--allowedTools', `${PREFIX}*`],
          ...['--output-format', 'stream-json', '--verbose'],
        ],
      ],
      env: {
        CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
        ANTHROPIC_BASE_URL: modelUrl,
        ANTHROPIC_API_KEY: 'stub',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        DISABLE_ERROR_REPORTING: '1',
        DISABLE_TELEMETRY: '1',
        ...run.env,
      },
    };
  },

  complaints: () => [],
};
