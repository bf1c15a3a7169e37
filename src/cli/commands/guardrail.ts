import type { GuardrailReport } from '../../../schemas/guardrail.js';
import type { Stage } from '../../../schemas/ids.js';
import { runGuardrailTool } from '../../../tools/run-guardrail.js';
import { SpecError } from '../../errors.js';
import type { Orders } from '../../guardrail/orders.js';
import { runGuardrail } from '../../guardrail/run.js';
import { defineTool } from '../../tool.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Command, Parsed } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { nextLine } from '../next-line.js';
import { runTool } from '../run-tool.js';
import { asTyped } from '../typed.js';

const LONGEST_REASON = 500;

export const guardrailCommand: Command = {
  name: 'guardrail',
  summary: "run a stage's checks for a spec and record them as evidence",
  takes: 'STAGE SPEC-ID',
  positionals: [2, 2],
  flags: {
    'baseline-mode': { type: 'string', value: 'MODE', help: 'plan only: skip, no-run, quick or full' },
    'take-over': { type: 'boolean', help: 'implement only: take the lock of a process that is gone' },
    force: { type: 'boolean', help: 'unlock only: release without a passed audit, whoever holds the lock' },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: 'why; recorded with your git identity (needed by --force)',
    },
  },
  example: 'spec-kit-mcp guardrail plan SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const [stage, specId] = parsed.positionals;
    const input = { stage, specId, baselineMode: parsed.text('baseline-mode') };
    const tool = defineTool({
      ...runGuardrailTool,
      run: async ({ workspace: _, ...wanted }, call) =>
        runGuardrail(wanted, call, await ordersOf(parsed, wanted.stage, call.workspace)),
    });
    const report = await runTool(tool, input, parsed, terminal);
    return { json: report, text: render(report), exitCode: EXIT[report.outcome] };
  },
};

/** What a person, and no tool argument, may order. Throws INVALID_ARGUMENT. */
async function ordersOf(parsed: Parsed, stage: Stage, workspace: Workspace): Promise<Orders> {
  const reason = parsed.text('reason')?.trim() ?? '';
  const ordered = (
    [
      ['take-over', 'implement'],
      ['force', 'unlock'],
    ] as const
  ).find(([flag]) => parsed.on(flag));
  if (ordered === undefined) return reason === '' ? {} : refuse('--reason goes with --force or --take-over');
  const [flag, only] = ordered;
  if (stage !== only) return refuse(`--${flag} goes with the ${only} stage`);
  if (flag === 'force' && reason === '') return refuse('--force needs --reason "...", which is recorded');
  if (reason.length > LONGEST_REASON) return refuse(`--reason may have ${LONGEST_REASON} characters`);
  const identity = await workspace.git.identity();
  if (identity === undefined)
    return refuse(`--${flag} is recorded with your name: set user.name and user.email with \`git config\``);
  return flag === 'force' ? { force: { identity, reason } } : { takeOver: { identity, reason } };
}

function refuse(what: string): never {
  throw new SpecError('INVALID_ARGUMENT', `${what}. Nothing was run.`);
}

function render({ checks, waivers, omitted, summary, telemetry, next }: GuardrailReport): string {
  return [
    ...checks.map(
      ({ name, status, message }) => `${status.replace('_', ' ').padEnd(8)} ${name}: ${asTyped(message)}`,
    ),
    ...waivers.map(({ check, by, reason }) => `waiver   ${check} by ${by}: ${reason}`),
    ...(omitted === undefined ? [] : [`and ${omitted} more, which the evidence has`]),
    summary,
    `Telemetry: ${telemetry}`,
    ...nextLine(next),
  ].join('\n');
}
