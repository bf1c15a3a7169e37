import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Asking, ask } from './agents.js';
import { processesWith } from './processes.js';
import type { Repository } from './repository.js';

export type CliName = 'codex' | 'claude' | 'gemini';

/** What a program was given, as it saw it. */
export interface Given {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly cwd: string;
  readonly mode: number;
  readonly files: Readonly<Record<string, string>>;
}

export interface FakeCli {
  readonly bin: string;
  given(): Given;
}

/** A provider that counts fewer tokens than it was sent has cut the prompt; these answers claim to have read all of it. */
function wholePrompt(answer: string): string {
  return answer.replaceAll(/(?<=\D)(1?234)(?=\D)/g, '50$1');
}

/**
 * A program of that name that answers as the role and the stage of its prompt; `outputs`: by stage and role, without what is of
 * one run. Written into `bin`.
 */
export function answeringCli(bin: string, name: CliName, outputs: unknown): void {
  writeFileSync(path.join(bin, 'package.json'), '{ "type": "commonjs" }');
  const program = path.join(bin, name);
  writeFileSync(
    program,
    `#!${process.execPath}
const asked = require('node:fs').readFileSync(0, 'utf8') + process.argv.join(' ');
const found = pattern => (pattern.exec(asked) || [])[1];
const [stage, role] = [found(/"stage" is "spec-([a-z]+)"/), found(/"agent" "([a-z_]+)"/)];
const header = { run_id: found(/"run_id" "([^"]+)"/), prompt_version: found(/"prompt_version" "([^"]+)"/) };
const answer = JSON.stringify({ ...${JSON.stringify(outputs)}[stage][role], ...header });
const escaped = JSON.stringify(answer).slice(1, -1);
process.stdout.write(${JSON.stringify(wholePrompt(cliAnswers[name]('@ANSWER@')))}.replace('@ANSWER@', () => escaped));
`,
  );
  chmodSync(program, 0o755);
}

/** A program of that name: keeps what it was given, then does what `body` (Node) says. `print` writes to stdout at once. */
export function fakeCli(name: CliName, body: string): FakeCli {
  const bin = mkdtempSync(path.join(tmpdir(), 'spec-kit-bin-'));
  onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
  const kept = path.join(bin, 'given.json');
  // Whatever lies in the folders above.
  writeFileSync(path.join(bin, 'package.json'), '{ "type": "commonjs" }');
  const program = path.join(bin, name);
  writeFileSync(
    program,
    `#!${process.execPath}
const fs = require('node:fs');
const print = text => fs.writeSync(1, text);
const cwd = process.cwd();
const files = Object.fromEntries(
  fs.readdirSync(cwd, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => [entry.name, fs.readFileSync(\`\${entry.parentPath}/\${entry.name}\`, 'utf8')]),
);
const given = { argv: process.argv.slice(2), env: process.env, stdin: fs.readFileSync(0, 'utf8'), cwd, mode: fs.statSync(cwd).mode & 0o777, files };
fs.writeFileSync(${JSON.stringify(kept)}, JSON.stringify(given));
${body}
`,
  );
  chmodSync(program, 0o755);
  return { bin, given: () => JSON.parse(readFileSync(kept, 'utf8')) };
}

export function cliToml(name: CliName, more = ''): string {
  const key = name === 'gemini' ? 'key_env = "MODEL_API_KEY"\n' : '';
  return `[agents.gpt_pro]\nmode = "cli"\ncli = "${name}"\nmodel = "stub-model"\n${key}${more}`;
}

let runs = 0;

/** Asks a fake program; `survivors` are processes of it that still live, `left` says whether its folder does. */
export async function askFake(
  repo: Repository,
  name: CliName,
  body: string,
  { more = '', ...asking }: Asking & { readonly more?: string } = {},
) {
  const fake = fakeCli(name, body);
  const mark = `test-cli-${process.pid}-${runs++}`;
  const { answer, workspace } = await ask(repo, cliToml(name, more), { bin: fake.bin, mark, ...asking });
  return { ...fake, answer, workspace, survivors: processesWith(mark) };
}

export const cliAnswers: Readonly<Record<CliName, (text: string) => string>> = {
  codex: text =>
    [
      { type: 'thread.started', thread_id: 'id-1' },
      { type: 'turn.started' },
      { type: 'item.completed', item: { id: 'item_0', type: 'error', message: 'Unknown key.' } },
      { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text } },
      {
        type: 'turn.completed',
        usage: {
          input_tokens: 1234,
          cached_input_tokens: 1000,
          cache_write_input_tokens: 0,
          output_tokens: 210,
          reasoning_output_tokens: 64,
        },
      },
    ]
      .map(event => `${JSON.stringify(event)}\n`)
      .join(''),
  claude: text =>
    JSON.stringify({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: text,
      stop_reason: 'end_turn',
      terminal_reason: 'completed',
      session_id: 'id-1',
      total_cost_usd: 0.002768,
      usage: {
        input_tokens: 234,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 0,
        output_tokens: 210,
        output_tokens_details: { thinking_tokens: 64 },
      },
      modelUsage: { 'stub-model-served': { outputTokens: 210, costBasis: 'list' } },
    }),
  gemini: text =>
    JSON.stringify(
      {
        session_id: 'id-1',
        response: text,
        stats: {
          models: {
            'stub-model-served': {
              tokens: { input: 234, prompt: 1234, candidates: 146, total: 1444, cached: 1000, thoughts: 64 },
            },
          },
        },
      },
      null,
      2,
    ),
};

export const folderIsGone = (given: Given): boolean => !existsSync(given.cwd);
export const printing = (text: string): string => `print(${JSON.stringify(text)});`;
