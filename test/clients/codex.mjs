import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readmeBlocks } from './readme.mjs';

const NAMESPACE = /^mcp__spec_kit/;

/** OpenAI Responses: a server is a namespace of functions, and a call has to name the namespace. */
const dialect = {
  turn: /\/responses$/,
  received({ tools = [], input = [] }) {
    const calls = new Map(
      input.filter(item => item.type === 'function_call').map(item => [item.call_id, item]),
    );
    return {
      tools: tools
        .filter(({ type, name }) => type === 'namespace' && NAMESPACE.test(name))
        .flatMap(({ name: namespace, tools: functions }) =>
          functions.map(({ name, description, parameters: schema }) => ({
            name,
            call: { namespace, name },
            description,
            schema,
          })),
        ),
      results: input
        .filter(item => item.type === 'function_call_output')
        .map(({ call_id, output }) => ({
          tool: calls.get(call_id)?.name,
          text: typeof output === 'string' ? output : output.map(part => part.text ?? '').join('\n'),
        })),
    };
  },
  reply(step, number) {
    const item = step.call
      ? {
          type: 'function_call',
          id: `fc_${number}`,
          call_id: `call_${number}`,
          ...step.call,
          arguments: JSON.stringify(step.args),
          status: 'completed',
        }
      : {
          type: 'message',
          id: `msg_${number}`,
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: step.say, annotations: [] }],
        };
    const response = { id: `resp_${number}`, object: 'response', status: 'in_progress', output: [] };
    const usage = {
      input_tokens: 1,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2,
    };
    return [
      { type: 'response.created', response },
      { type: 'response.output_item.added', output_index: 0, item },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { ...response, status: 'completed', output: [item], usage } },
    ];
  },
};

function configFor(server) {
  return server.url
    ? `[mcp_servers.spec-kit]\nurl = "${server.url}"\nbearer_token_env_var = "${server.tokenVariable}"\n`
    : `[mcp_servers.spec-kit]\ncommand = "${server.command}"\nargs = ${JSON.stringify(server.args)}\n`;
}

/** A snippet of the README with the address of the server of this run, and what it needs in the environment. */
function configFromReadme(snippet, server) {
  return {
    config: snippet.replace(/^url = .*$/m, `url = "${server.url}"`),
    tokenVariable: /^bearer_token_env_var = "(\w+)"/m.exec(snippet)?.[1],
  };
}

export const codex = {
  name: 'codex',
  package: '@openai/codex@0.169.0',
  entry: 'bin/codex.js',
  dialect,

  runs() {
    const snippets = readmeBlocks('toml').filter(text => text.includes('[mcp_servers.'));
    return [
      { label: 'stdio', transport: 'stdio' },
      { label: 'http', transport: 'http' },
      { label: 'http, 2026-07-28', transport: 'http', flags: ['--enable', 'mcp_2026_07_28'] },
      ...snippets.map(snippet => ({
        label: 'README config.toml',
        transport: /^url = /m.test(snippet) ? 'http' : 'stdio',
        snippet,
      })),
      ...(snippets.length === 0
        ? [{ label: 'README config.toml', skip: 'no Codex configuration in README.md' }]
        : []),
    ];
  },

  launch({ home, workspace, modelUrl, server, run }) {
    const own = { config: configFor(server), tokenVariable: server.tokenVariable };
    const { config, tokenVariable } = run.snippet ? configFromReadme(run.snippet, server) : own;
    const codexHome = path.join(home, '.codex');
    mkdirSync(codexHome);
    writeFileSync(path.join(codexHome, 'config.toml'), config);
    const settings = {
      model: 'stub-model',
      model_provider: 'stub',
      'model_providers.stub.name': 'stub',
      'model_providers.stub.base_url': `${modelUrl}/v1`,
      'model_providers.stub.wire_api': 'responses',
      'model_providers.stub.env_key': 'STUB_KEY',
      approval_policy: 'never',
      'analytics.enabled': false,
      check_for_update_on_startup: false,
    };
    return {
      commands: [
        [
          'exec',
          '--strict-config',
          '--skip-git-repo-check',
          '--json',
          ...['-C', workspace],
          ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`]),
          ...(run.flags ?? []),
          'Check this repository.',
        ],
      ],
      env: {
        CODEX_HOME: codexHome,
        STUB_KEY: 'stub',
        ...(tokenVariable && server.token && { [tokenVariable]: server.token }),
      },
    };
  },

  /** Calls that the client did not let through, as with tools whose hints are missing under approval `never`. */
  complaints(stdout) {
    return stdout
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line).item)
      .filter(item => item?.type === 'mcp_tool_call' && item.error)
      .map(({ tool, error }) => `${tool} was not let through: ${error.message}`);
  },
};
