import type { AutoReport } from '../../../schemas/auto.js';
import { specAutoTool } from '../../../tools/spec-auto.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { nextLine } from '../next-line.js';
import { runTool } from '../run-tool.js';
import { asTyped } from '../typed.js';

export const autoCommand: Command = {
  name: 'auto',
  summary: 'run the stages of a spec in order, halting at the first that is not passed',
  takes: 'SPEC-ID',
  positionals: [1, 1],
  flags: {
    from: { type: 'string', value: 'STAGE', help: 'first stage; those before it must have passed' },
    to: { type: 'string', value: 'STAGE', help: 'last stage' },
    stages: { type: 'string', value: 'A,B', help: 'only these stages' },
    'skip-consensus': { type: 'boolean', help: 'guardrails alone, no agents' },
    goal: { type: 'string', value: 'TEXT', help: 'what the agents should bear in mind' },
    resume: {
      type: 'string',
      value: 'RUN-ID',
      help: 'go on with a run that halted, stopped or was interrupted',
    },
  },
  example: 'spec-kit-mcp auto SPEC-KIT-DEMO --skip-consensus --json',
  async run(parsed, terminal) {
    const input = {
      specId: parsed.positionals[0],
      from: parsed.text('from'),
      to: parsed.text('to'),
      stages: parsed.text('stages')?.split(','),
      skipConsensus: parsed.on('skip-consensus') || undefined,
      goal: parsed.text('goal'),
      resume: parsed.text('resume'),
    };
    const report = await runTool(specAutoTool, input, parsed, terminal);
    return { json: report, text: render(report), exitCode: exitCodeFor(report) };
  },
};

function exitCodeFor({ outcome, halt }: AutoReport): number {
  if (halt?.code === 'CONFLICT') return EXIT.conflict;
  return { passed: EXIT.passed, failed: EXIT.failed, incomplete: EXIT.incomplete }[outcome];
}

function render({ runId, summary, stages, halt, waivers, spent, next }: AutoReport): string {
  const lines = stages.map(({ stage, outcome, verdict, tries, bundle }) =>
    [
      `  ${stage.padEnd(10)}`,
      (outcome ?? 'not reached').padEnd(12),
      verdict ?? '',
      tries > 1 ? `${tries} tries` : '',
      bundle ?? '',
    ]
      .filter(part => part !== '')
      .join(' ')
      .trimEnd(),
  );
  const cost = [
    `${spent.seconds} s`,
    spent.usd ? `${spent.usd} USD` : '',
    spent.tokens ? `${spent.tokens} tokens` : '',
  ];
  return [
    `run ${runId}`,
    ...lines,
    ...waivers.map(({ stage, check, by, reason }) => `  waived: ${stage} ${check} by ${by}: ${reason}`),
    ...(halt === null
      ? []
      : halt.findings.map(
          ({ name, status, message }) => `  ${status.replace('_', ' ')}: ${name}: ${message}`,
        )),
    ...(halt === null ? [] : [`  fix: ${asTyped(halt.fix)}`]),
    asTyped(summary),
    `spent: ${cost.filter(part => part !== '').join(', ')}`,
    ...nextLine(next),
  ].join('\n');
}
