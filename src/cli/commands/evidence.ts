import type { EvidenceIndex } from '../../../schemas/evidence-tools.js';
import { SessionId } from '../../../schemas/ids.js';
import { writeEvidenceTool } from '../../../tools/write-evidence.js';
import { SpecError } from '../../errors.js';
import { indexPage } from '../../evidence/index-page.js';
import { shownText } from '../../evidence/show-bundle.js';
import { type Actions, runAction } from '../actions.js';
import type { Answer, Command, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runTool } from '../run-tool.js';
import { anchor } from './evidence-anchor.js';
import { exportEvidence } from './evidence-export.js';
import { rebase } from './evidence-rebase.js';
import { evidenceOf, specIdOf } from './evidence-target.js';

const actions: Actions = {
  write,
  list,
  show,
  rebase,
  anchor,
  export: exportEvidence,
};

export const evidenceCommand: Command = {
  name: 'evidence',
  summary: 'write, list, show, anchor and export the evidence of a spec, or make one ledger of two branches',
  takes:
    'write SPEC-ID NAME | list SPEC-ID | show SPEC-ID BUNDLE [FILE] | rebase [SPEC-ID] | anchor [SPEC-ID] | export [SPEC-ID] [BUNDLE]',
  positionals: [1, 4],
  flags: {
    from: { type: 'string', value: 'FILE', help: 'write: the text to store (default: standard input)' },
    kind: { type: 'string', value: 'WORD', help: 'write: what it is, e.g. note, log, test-report' },
    'dry-run': { type: 'boolean', help: 'rebase: show what would be done, change nothing' },
    adopt: {
      type: 'boolean',
      help: 'rebase: also record sound bundles that no record names, as a crash leaves them',
    },
    sign: {
      type: 'string',
      value: 'KEYFILE',
      help: 'anchor: an Ed25519 key (PEM) or an SSH key; prints a signed anchor to keep elsewhere',
    },
    bundle: { type: 'string', value: 'FILE.tar', help: 'export: all that verify needs, in a new file' },
    as: { type: 'string', value: 'FORM', help: 'export: an in-toto statement, test-result or vsa' },
    start: { type: 'string', value: 'SEQ', help: 'list: begin at this record and go back' },
  },
  example: 'spec-kit-mcp evidence write SPEC-KIT-DEMO review.md --from review.md --kind note',
  run: (parsed, terminal) => runAction('evidence', actions, parsed, terminal),
};

async function write(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const [, specId, name] = parsed.positionals;
  const content = await terminal.input(parsed.text('from'));
  const result = await runTool(
    writeEvidenceTool,
    { specId, name, content, kind: parsed.text('kind') },
    parsed,
    terminal,
  );
  const text = [
    ...result.files.map(({ path, sha256 }) => `${sha256}  ${path}`),
    `bundle ${result.bundle}, attested by its caller`,
  ];
  return { json: result, text: text.join('\n'), exitCode: EXIT.passed };
}

async function list(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const { workspace, root, specId } = await target(parsed, terminal);
  const start = parsed.text('start');
  const page = indexPage(
    workspace,
    root,
    specId,
    start === undefined ? undefined : Math.max(1, Number(start) || 1),
  );
  if (page === undefined) throw none(specId);
  return { json: page, text: render(page), exitCode: EXIT.passed };
}

function render({ specId, bundles, note, entries, older }: EvidenceIndex): string {
  const lines = entries.map(({ seq, bundle, at, kind, stage, outcome, verdict, content }) =>
    [seq, bundle, at, kind ?? 'unreadable', stage ?? content ?? '', outcome ?? verdict ?? '']
      .join('  ')
      .trimEnd(),
  );
  const more = older === null ? [] : [`older: --start ${older.split('@').at(-1) ?? ''}`];
  return [`${specId}: ${bundles} bundles, newest first. ${note}`, ...lines, ...more].join('\n');
}

async function show(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const { workspace, root, specId } = await target(parsed, terminal);
  const bundle = SessionId.safeParse(parsed.positionals[2]).data;
  const file = parsed.positionals[3];
  if (bundle === undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      'show takes a bundle id such as 20261122T100000Z-1a2b3c4d; `evidence list` has them.',
    );
  const text = await shownText(workspace, root, specId, bundle, file);
  if (text === undefined)
    throw new SpecError(
      'NOT_FOUND',
      `${specId} has no recorded bundle ${bundle}${file === undefined ? '' : ' with that file'}. \`evidence list ${specId}\` shows what there is.`,
    );
  return { json: { specId, bundle, file: file ?? null, text }, text: text.trimEnd(), exitCode: EXIT.passed };
}

async function target(parsed: Parsed, terminal: Terminal) {
  const specId = specIdOf(parsed.positionals[1]);
  return { ...(await evidenceOf(parsed, terminal)), specId };
}

function none(specId: string): SpecError {
  return new SpecError(
    'NOT_FOUND',
    `${specId} has no evidence yet. \`spec-kit-mcp guardrail plan ${specId}\` records the first.`,
  );
}
