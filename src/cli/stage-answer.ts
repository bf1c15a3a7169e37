import type { StageReport } from '../../schemas/stage-tools.js';
import type { Answer, Flag, Parsed, Terminal } from './command.js';
import { EXIT } from './exit-codes.js';
import { nextLine } from './next-line.js';

/** Flags of the commands that run a stage with agents. */
export const stageFlags: Readonly<Record<string, Flag>> = {
  goal: { type: 'string', value: 'TEXT', help: 'what this run is for' },
  'dry-run': { type: 'boolean', help: 'render prompts, receipt and estimate; run and send nothing' },
  run: { type: 'string', value: 'RUN', help: 'go on with this run' },
  agent: { type: 'string', value: 'AGENT', help: 'with --run and --output: whose answer it is' },
  output: { type: 'string', value: 'FILE', help: 'the JSON answer; - is standard input' },
  write: { type: 'boolean', help: 'put the document of an ok verdict in place' },
};

export async function stageInput(parsed: Parsed, terminal: Terminal): Promise<Record<string, unknown>> {
  const file = parsed.text('output');
  return {
    goal: parsed.text('goal'),
    dryRun: parsed.on('dry-run') ? true : undefined,
    runId: parsed.text('run'),
    agent: parsed.text('agent'),
    output: file === undefined ? undefined : await terminal.input(file === '-' ? undefined : file),
    write: parsed.on('write') ? true : undefined,
  };
}

export function stageAnswer(report: StageReport): Answer {
  return { json: report, text: render(report), exitCode: exitCode(report) };
}

const byVerdict = { ok: EXIT.passed, conflict: EXIT.conflict, degraded: EXIT.incomplete } as const;

/** A run that waits has not decided anything: incomplete. */
function exitCode({ status, verdict, guardrail }: StageReport): number {
  if (status === 'dry_run') return EXIT.passed;
  if (status === 'stopped') return guardrail === null ? EXIT.incomplete : EXIT[guardrail.outcome];
  return verdict === null ? EXIT.incomplete : byVerdict[verdict];
}

function render(report: StageReport): string {
  const { guardrail, agents = [], conflicts = [], findings = [], document, awaiting, runId } = report;
  return [
    ...(guardrail === null ? [] : [`guardrail ${guardrail.outcome} (${guardrail.bundle})`]),
    ...preflightLines(report),
    ...agents.map(
      ({ agent, status, mode, model, error }) =>
        `${status.padEnd(8)} ${agent} (${mode}, ${model})${error === undefined ? '' : `: ${error}`}`,
    ),
    ...(awaiting?.errors ?? []).map(error => `refused  ${error}`),
    ...conflicts.map(text => `conflict ${text}`),
    ...findings.map(
      ({ rule, severity, detail, how_to_clear }) =>
        `${severity.padEnd(8)} ${rule}: ${detail} ${how_to_clear}`,
    ),
    ...(document === undefined ? [] : [`document ${document.message}`]),
    ...(awaiting === undefined ? [] : [`prompt   ${awaiting.promptPath}`, `schema   ${awaiting.schemaPath}`]),
    report.summary,
    ...(runId === null ? [] : [`Run: ${runId}`]),
    ...nextLine(report.next),
  ].join('\n');
}

function preflightLines({ preflight }: StageReport): string[] {
  if (preflight === undefined) return [];
  const { criteria, findings, receipt, estimate } = preflight;
  return [
    `criteria ${criteria.join(', ') || 'none'}`,
    ...findings.map(
      ({ severity, file, line, message }) => `${severity.padEnd(8)} ${file}:${line} ${message}`,
    ),
    ...receipt.map(
      ({ name, sha256, estTokens, linesOmitted, redactions }) =>
        `shown    ${name} ${sha256.slice(0, 12)} ~${estTokens} tokens${linesOmitted > 0 ? `, ${linesOmitted} lines left out` : ''}${redactions > 0 ? `, ${redactions} redacted` : ''}`,
    ),
    ...estimate.map(
      ({ agent, promptTokens, usd }) =>
        `estimate ${agent} ~${promptTokens} tokens, ${usd === null ? 'cost unknown' : `~${usd.toFixed(4)} USD`}`,
    ),
  ];
}
