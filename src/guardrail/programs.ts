import type { Settings } from '../../schemas/settings.js';
import { inert } from '../inert.js';
import { SETTINGS_FILE } from '../settings/load.js';
import type { CommandEnd } from '../workspace/command.js';
import { distrust, runConfigured } from './command.js';
import { type Checked, type Guardrail, notConfigured, required, type Step, some } from './guardrail.js';

const CHECK = 'programs';
const ANSWER_MS = 10_000;
const ANSWER_BYTES = 4096;
const LONGEST_ANSWER = 100;
const LONGEST_NAME = 100;

/** A program and what is configured to need it. */
interface Needed {
  readonly program: string;
  readonly by: readonly string[];
}

/** One check for each program that a configured command or agent needs. */
export function programSteps(settings: Settings): readonly Step[] {
  const needed = neededPrograms(settings);
  if (needed.length === 0) return [{ name: CHECK, run: () => nothingConfigured }];
  return needed.map((need, index) => {
    const name = `${CHECK}:${need.program.slice(0, LONGEST_NAME)}`;
    return { name, run: guardrail => checkProgram(guardrail, name, need, `program-${index + 1}`) };
  });
}

export function isProgramCheck(name: string): boolean {
  return name === CHECK || name.startsWith(`${CHECK}:`);
}

const nothingConfigured = notConfigured(
  CHECK,
  `Not run: ${SETTINGS_FILE} configures no commands and no agents that run as a program.`,
);

function neededPrograms({ commands, agents }: Settings): readonly Needed[] {
  const byProgram = new Map<string, string[]>();
  const add = (program: string, by: string) =>
    byProgram.set(program, [...(byProgram.get(program) ?? []), by]);
  for (const [name, { argv }] of Object.entries(commands)) add(argv[0] ?? '', name);
  for (const [role, agent] of Object.entries(agents))
    if (agent?.mode === 'cli' && agent.cli !== undefined) add(agent.cli, `agent ${role}`);
  return [...byProgram].map(([program, by]) => ({ program, by }));
}

async function checkProgram(
  guardrail: Guardrail,
  name: string,
  { program, by }: Needed,
  logName: string,
): Promise<Checked> {
  const usedBy = `(for ${some(by, 3)})`;
  const found = guardrail.workspace.findProgram(program);
  if ('problem' in found) return required(name, 'failed', `${usedBy} ${found.problem}`);
  const reason = distrust(guardrail);
  if (reason !== undefined) return required(name, 'not_run', `${found.path} ${usedBy}: ${reason}`);
  if (found.inWorkspace)
    return required(
      name,
      'passed',
      `${found.path} ${usedBy} is executable. It is a file of this workspace, which may do its whole work whatever it is asked, so its version was not asked for.`,
    );
  const { end, answer } = await askVersion(guardrail, program, logName);
  return required(name, statusOf(end), `${found.path} ${usedBy} ${told(end, answer)}`);
}

/** The first line that `PROGRAM --version` prints; its log is not kept. */
async function askVersion(
  guardrail: Guardrail,
  program: string,
  logName: string,
): Promise<{ readonly end: CommandEnd; readonly answer: string }> {
  const { files } = guardrail.workspace;
  const argv = [program, '--version'];
  const { end, staged } = await runConfigured(guardrail, logName, { argv, timeout: ANSWER_MS });
  const { size, version } = files.info(staged);
  const bytes = files.readRange(staged, 0, Math.min(size, ANSWER_BYTES), version);
  files.remove(staged);
  const lines = inert(bytes?.toString() ?? '').split('\n');
  const first = lines.map(line => line.trim()).find(line => line !== '') ?? '';
  return { end, answer: first.slice(0, LONGEST_ANSWER) };
}

/**
 * What is needed is a program that starts; not every one knows --version. 126 and 127 are how loaders and shells say that
 * they could not start it.
 */
function statusOf({ ending, exitCode }: CommandEnd): Checked['check']['status'] {
  if (ending === 'timeout' || ending === 'cancelled' || ending === 'truncated') return 'not_run';
  if (ending !== 'exited' || exitCode === 126 || exitCode === 127) return 'failed';
  return 'passed';
}

function told(end: CommandEnd, answer: string): string {
  if (end.ending !== 'exited') return end.reason;
  if (end.exitCode === 0 && answer !== '') return `answers "${answer}".`;
  if (statusOf(end) === 'passed')
    return `starts, but does not tell its version: asked with --version it ${end.reason}`;
  return `could not start: asked with --version it ${end.reason}`;
}
