import { type HalReport, MOCK_MODES, MockMode } from '../../../schemas/hal.js';
import { halSmokeTool } from '../../../tools/hal-smoke.js';
import { SpecError } from '../../errors.js';
import { writeProfile } from '../../hal/template.js';
import { loadSettings } from '../../settings/load.js';
import { type Actions, runAction } from '../actions.js';
import type { Answer, Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { nextLine } from '../next-line.js';
import { runTool } from '../run-tool.js';

const DEFAULT_PORT = 7878;

const actions: Actions = {
  run,
  mock,
  init,
};

export const halCommand: Command = {
  name: 'hal',
  summary: 'run the HTTP smoke checks of a spec, serve a mock API, or write a profile',
  takes: 'run SPEC-ID | mock | init',
  positionals: [1, 2],
  flags: {
    check: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'run: only this check; repeat it for more',
    },
    mode: { type: 'string', value: 'MODE', help: `mock: ${MOCK_MODES.join(', ')} (default healthy)` },
    port: {
      type: 'string',
      value: 'N',
      help: `mock: port on 127.0.0.1 (default ${DEFAULT_PORT}; 0 takes a free one)`,
    },
  },
  example: 'spec-kit-mcp hal run SPEC-KIT-DEMO',
  run: (parsed, terminal) => runAction('hal', actions, parsed, terminal),
};

async function run(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const checks = parsed.texts('check');
  const input = { specId: parsed.positionals[1], checks: checks.length === 0 ? undefined : [...checks] };
  const report = await runTool(halSmokeTool, input, parsed, terminal);
  return { json: report, text: render(report), exitCode: EXIT[report.outcome] };
}

function render({ checks, omitted, waivers, summary, bundle, next }: HalReport): string {
  return [
    ...checks.map(
      ({ name, status, cause, message }) =>
        `${status.replace('_', ' ').padEnd(8)} ${name}: ${cause === undefined ? '' : `${cause}: `}${message}`,
    ),
    ...(omitted === 0 ? [] : [`and ${omitted} more, which the evidence has`]),
    ...waivers.map(({ check, by, reason }) => `waiver   ${check} by ${by}: ${reason}`),
    summary,
    `bundle ${bundle}`,
    ...nextLine(next),
  ].join('\n');
}

/** Serves until Ctrl-C. */
async function mock(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const mode = modeOf(parsed.text('mode'));
  const { url, close } = await terminal.mock(mode, portOf(parsed.text('port')));
  terminal.say(`${mode} mock API at ${url}; Ctrl-C ends it`);
  await new Promise<void>(resolve => {
    if (terminal.signal.aborted) resolve();
    terminal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await close();
  return { json: { url, mode }, text: 'The mock API has ended.', exitCode: EXIT.passed };
}

function modeOf(text: string | undefined): MockMode {
  const mode = MockMode.safeParse(text ?? 'healthy');
  if (mode.success) return mode.data;
  throw new SpecError(
    'INVALID_ARGUMENT',
    `--mode takes ${MOCK_MODES.join(', ')}, not "${text?.slice(0, 40)}".`,
  );
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text !== '') return port;
  throw new SpecError('INVALID_ARGUMENT', `--port takes a number from 0 to 65535, not "${text}".`);
}

async function init(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const workspace = terminal.open(parsed.text('workspace'));
  const { settings } = await loadSettings(workspace);
  const profile = writeProfile(workspace, settings);
  return {
    json: { workspace: workspace.label, profile },
    text: [
      `${profile} is written. Make its checks those of your API.`,
      'Where the API is, spec-kit.toml says (a person trusts it then with `spec-kit-mcp trust`):',
      '',
      '[hal]',
      `profile = "${profile}"`,
      'base_url = "http://127.0.0.1:7878"',
      'secret_env = "HAL_SECRET_KAVEDARR_API_KEY"   # name of the variable with the API key',
      '# allow_hosts = ["staging.example.com"]       # hosts beside this machine that may be contacted',
      '# start = "api"                               # [commands.api] serves it during the checks',
    ].join('\n'),
    exitCode: EXIT.passed,
  };
}
