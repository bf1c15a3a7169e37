import type { Operator } from '../workspace/operator.js';

const FLAG = '--manifest-path';

/** The argv of a command, and what an operator's order added to it, for the record: "" or a sentence. */
export interface Ordered {
  readonly argv: readonly string[];
  readonly note: string;
}

/**
 * SPEC_OPS_CARGO_MANIFEST tells each `cargo` command where its Cargo.toml is, unless the command says so itself. Cargo takes the
 * flag anywhere before `--`; without a subcommand there is nothing to tell.
 */
export function withCargoManifest(argv: readonly string[], { cargoManifest }: Operator): Ordered {
  const [program = '', ...args] = argv;
  const end = args.indexOf('--') === -1 ? args.length : args.indexOf('--');
  const own = args.slice(0, end);
  const isTold = own.some(arg => arg === FLAG || arg.startsWith(`${FLAG}=`));
  const hasSubcommand = own.some(arg => /^[^-+]/.test(arg));
  if (cargoManifest === undefined || !/(^|[/\\])cargo(\.exe)?$/.test(program) || isTold || !hasSubcommand)
    return { argv, note: '' };
  return {
    argv: [program, ...own, FLAG, cargoManifest, ...args.slice(end)],
    note: ' SPEC_OPS_CARGO_MANIFEST added --manifest-path.',
  };
}
