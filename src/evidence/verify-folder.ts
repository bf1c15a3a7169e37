import { Manifest } from '../../schemas/evidence.js';
import type { Entry } from '../workspace.js';
import { finding } from './findings.js';
import type { Inspection } from './inspection.js';
import { commandPath } from './layout.js';
import { MAX_MANIFEST_BYTES, parsed } from './records.js';

const SESSION = /\d{8}T\d{6}Z-[0-9a-f]{8}/;

/**
 * What lies in `commands/<SPEC-ID>` and no sound record accounts for. `recorded` says for each recorded bundle whether its
 * manifest is sound; beside an unsound one nothing can be told. Returns the names no manifest could ever have named.
 */
export function verifyFolder(
  inspection: Inspection,
  entries: readonly Entry[],
  accounted: ReadonlySet<string>,
  recorded: ReadonlyMap<string, boolean>,
): readonly string[] {
  const unverifiable: string[] = [];
  const orphans = new Map<string, string[]>();
  for (const { name } of entries) {
    if (accounted.has(name)) continue;
    const session = SESSION.exec(name)?.[0];
    if (session === undefined) unverifiable.push(name);
    else if (!recorded.has(session)) orphans.set(session, [...(orphans.get(session) ?? []), name]);
    else if (recorded.get(session)) reportExtra(inspection, session, name);
  }
  for (const [session, names] of orphans) reportOrphan(inspection, session, names);
  return unverifiable;
}

function reportExtra({ root, specId, report }: Inspection, bundle: string, name: string): void {
  const place = { specId, bundle, file: `${root}/${commandPath(specId, name)}` };
  report(
    finding('extra-file', place, 'The file carries the session of a recorded bundle that does not name it.'),
  );
}

/** A bundle is recorded last, so a crash leaves a bundle without a record, or some files without a manifest. */
function reportOrphan(inspection: Inspection, bundle: string, names: readonly string[]): void {
  const { root, specId, report } = inspection;
  const manifest = names.find(name => name.endsWith('_manifest.json'));
  const name = manifest ?? names[0] ?? '';
  const place = { specId, bundle, file: `${root}/${commandPath(specId, name)}` };
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  if (manifest === undefined)
    report(
      finding('orphan-file', place, `No manifest names this file${others}: a write that did not finish.`),
    );
  else if (claimsOther(inspection, manifest, bundle))
    report(finding('manifest-misplaced', place, 'The manifest is of another bundle than its name says.'));
  else report(finding('orphan-bundle', place, `No ledger record names this bundle (${names.length} files).`));
}

function claimsOther({ specId, readCommand }: Inspection, name: string, bundle: string): boolean {
  const predicate = Manifest.safeParse(parsed(readCommand(name, MAX_MANIFEST_BYTES))).data?.predicate;
  return predicate !== undefined && (predicate.bundle !== bundle || predicate.specId !== specId);
}
