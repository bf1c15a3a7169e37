import type { EvidenceFinding, VerifyReport } from '../../../schemas/evidence-tools.js';
import { verifyEvidenceTool } from '../../../tools/verify-evidence.js';
import { verifyExitCode } from '../../evidence/findings.js';
import type { Command } from '../command.js';
import { runTool } from '../run-tool.js';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'recompute the evidence: exit 0 ok, 1 tampered, 2 incomplete, 3 anchor mismatch, 4 usage',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {
    all: { type: 'boolean', help: 'every spec (the default without a spec id)' },
    'expect-head': {
      type: 'string',
      value: 'HEAD',
      help: '<SPEC-ID>@<seq>:<sha256> of an earlier report, kept elsewhere',
    },
  },
  example: 'spec-kit-mcp verify SPEC-KIT-DEMO',
  async run(parsed, terminal) {
    const [specId] = parsed.positionals;
    const all = parsed.on('all') ? true : undefined;
    const input = { specId, all, expectHead: parsed.text('expect-head') };
    const report = await runTool(verifyEvidenceTool, input, parsed, terminal);
    return { json: report, text: render(report), exitCode: verifyExitCode(report.outcome) };
  },
};

function render({ anchor, findings, omitted, heads, summary }: VerifyReport): string {
  return [
    anchor,
    ...findings.map(line),
    ...(omitted > 0 ? [`... and ${omitted} more`] : []),
    ...heads.map(head => `head ${head}`),
    summary,
  ].join('\n');
}

function line({ severity, code, file, record, byte, message }: EvidenceFinding): string {
  const place = [
    file,
    record === undefined ? undefined : `record ${record}`,
    byte === undefined ? undefined : `byte ${byte}`,
  ];
  const where = place.filter(part => part !== undefined).join(', ');
  return `${severity} ${code}${where === '' ? '' : ` (${where})`}: ${message}`;
}
