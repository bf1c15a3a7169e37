import type { EvidenceFinding, VerifyReport } from '../../../schemas/evidence-tools.js';
import { VerifyEvidenceInput } from '../../../schemas/inputs/evidence.js';
import { SpecError } from '../../errors.js';
import { EXPORT_ROOT } from '../../evidence/export-bundle.js';
import { verifyExitCode } from '../../evidence/findings.js';
import { verifyWhole } from '../../evidence/verify.js';
import { type Room, reportOf } from '../../evidence/verify-report.js';
import { REASONS } from '../../origin/reasons.js';
import { originTable } from '../../origin/table.js';
import { loadSettings } from '../../settings/load.js';
import { answeredOnce } from '../answered-once.js';
import type { Answer, Command, Parsed, Terminal } from '../command.js';
import { checkedInput } from '../run-tool.js';
import { asTyped } from '../typed.js';
import { anchorFlags, signedAnchors } from './signed-anchor.js';

/** A person or a script can scroll. */
const WHOLE: Room = { findings: 10_000, bytes: 16 * 1024 * 1024 };

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'recompute the evidence: exit 0 ok, 1 tampered or false, 2 incomplete, 3 anchor mismatch, 4 usage',
  takes: '[SPEC-ID]',
  positionals: [0, 1],
  flags: {
    all: { type: 'boolean', help: 'every spec (the default without a spec id)' },
    bundle: { type: 'string', value: 'FILE.tar', help: 'an exported bundle instead of a workspace' },
    ...anchorFlags,
    cache: {
      type: 'boolean',
      help: 'repeat the answer when no file of the evidence was touched since; kept in your own configuration folder; not with --current, --bundle or signed anchors',
    },
    current: { type: 'boolean', help: 'also report evidence that no longer fits the work tree of today' },
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
    const current = parsed.on('current') ? true : undefined;
    const given = { specId, all, current, expectHead: parsed.text('expect-head') };
    const input = checkedInput(VerifyEvidenceInput, given);
    assertCacheable(parsed);
    const { workspace, root, close } = await whatToVerify(parsed, terminal);
    const held = (await signedAnchors(parsed, terminal)).filter(
      each => specId === undefined || !('head' in each) || each.head.startsWith(`${specId}@`),
    );
    const verify = async (): Promise<Answer> => {
      const call = {
        signal: terminal.signal,
        progress: async (done: number, total: number, message: string) => terminal.step(done, total, message),
      };
      const verified = await verifyWhole(workspace, root, input, call, held);
      const report = reportOf(workspace, verified, WHOLE);
      const text = render(report, originTable(verified.survey));
      return { json: report, text, exitCode: verifyExitCode(report.outcome) };
    };
    try {
      if (!parsed.on('cache')) return await verify();
      return await answeredOnce(workspace, terminal.kept, { root, input }, verify);
    } finally {
      await close();
    }
  },
};

/** What a kept answer cannot stand for: signatures of today, the work tree, a bundle from elsewhere. */
function assertCacheable(parsed: Parsed): void {
  if (!parsed.on('cache')) return;
  const others = ['bundle', 'current', ...Object.keys(anchorFlags)];
  const given = others.find(flag => parsed.on(flag) || parsed.text(flag) !== undefined);
  if (given === undefined) return;
  throw new SpecError('INVALID_ARGUMENT', `--cache cannot be given together with --${given}.`);
}

/** An exported bundle, a workspace, or a folder that is in no repository. */
async function whatToVerify(parsed: Parsed, terminal: Terminal) {
  const file = parsed.text('bundle');
  if (file !== undefined) return { ...(await terminal.openExport(file)), root: EXPORT_ROOT };
  const workspace = terminal.openToRead(parsed.text('workspace'));
  const { settings } = await loadSettings(workspace);
  return { workspace, root: settings.workspace.evidence_root, close: async () => {} };
}

/** Evidence without manifests has a table of its own. */
function render(
  { anchor, findings, omitted, heads, summary }: VerifyReport,
  table: readonly string[],
): string {
  return [
    anchor,
    ...findings.filter(({ code }) => !Object.hasOwn(REASONS, code)).map(line),
    ...(omitted > 0 ? [`... and ${omitted} more`] : []),
    ...table,
    ...heads.map(head => `head ${head}`),
    asTyped(summary),
  ].join('\n');
}

function line({ severity, code, file, record, byte, message }: EvidenceFinding): string {
  const place = [
    file,
    record === undefined ? undefined : `record ${record}`,
    byte === undefined ? undefined : `byte ${byte}`,
  ];
  const where = place.filter(part => part !== undefined).join(', ');
  return `${severity} ${code}${where === '' ? '' : ` (${where})`}: ${asTyped(message)}`;
}
