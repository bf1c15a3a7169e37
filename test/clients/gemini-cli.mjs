import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readmeBlocks } from './readme.mjs';

const PREFIX = 'mcp_spec-kit_';

/** Gemini streamGenerateContent. */
const dialect = {
  turn: /:streamGenerateContent$/,
  received({ tools = [], contents = [] }) {
    const parts = contents.flatMap(content => content.parts ?? []);
    return {
      tools: tools
        .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
        .filter(({ name }) => name.startsWith(PREFIX))
        .map(({ name, description, parametersJsonSchema: schema }) => ({
          name: name.slice(PREFIX.length),
          call: { name },
          description,
          schema,
        })),
      results: parts
        .filter(({ functionResponse }) => functionResponse?.name.startsWith(PREFIX))
        .map(({ functionResponse: { name, response } }) => ({
          tool: name.slice(PREFIX.length),
          text: response.output ?? response.error ?? JSON.stringify(response),
        })),
    };
  },
  reply(step) {
    const part = step.call ? { functionCall: { name: step.call.name, args: step.args } } : { text: step.say };
    const candidate = { index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    return [{ candidates: [candidate], usageMetadata }];
  },
};

function serverEntry(server) {
  return server.url
    ? { httpUrl: server.url, headers: { Authorization: `Bearer ${server.token}` } }
    : { command: server.command, args: server.args };
}

export const geminiCli = {
  name: 'gemini-cli',
  package: '@google/gemini-cli@0.61.0',
  entry: 'bundle/gemini.js',
  dialect,

  runs() {
    const snippet = readmeBlocks('json').find(text => text.includes('"mcpServers"'));
    const readme = snippet === undefined ? { skip: 'no "mcpServers" in README.md' } : { snippet };
    return [
      { label: 'stdio', transport: 'stdio' },
      { label: 'http', transport: 'http' },
      { label: 'README settings.json', transport: 'stdio', ...readme },
    ];
  },

  launch({ home, workspace, modelUrl, server, run }) {
    const entry = run.snippet
      ? JSON.parse(run.snippet.replaceAll('/path/to/your/repository', workspace)).mcpServers['spec-kit']
      : serverEntry(server);
    const settings = {
      // Without a person to ask, this client registers tools of trusted servers only.
      mcpServers: { 'spec-kit': { ...entry, trust: true } },
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      telemetry: { enabled: false },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
    };
    mkdirSync(path.join(home, '.gemini'));
    writeFileSync(path.join(home, '.gemini', 'settings.json'), JSON.stringify(settings));
    return {
      commands: [['-m', 'gemini-2.5-pro', '-p', 'Check this repository.', '--output-format', 'stream-json']],
      env: { GEMINI_CLI_HOME: home, GEMINI_API_KEY: 'stub', GOOGLE_GEMINI_BASE_URL: modelUrl },
    };
  },

  complaints: () => [],
};
