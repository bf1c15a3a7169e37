import * as z from 'zod';
import { HalProfileDigest } from '../../schemas/hal.js';
import { sha256Of } from '../evidence/digest.js';
import { MAX_MANIFEST_BYTES, parsed, type Recorded } from '../evidence/records.js';
import { newestGuardrails, telemetryOf } from '../evidence/stages.js';
import { profileDigest } from '../hal/profile.js';
import { SETTINGS_FILE } from '../settings/load.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';
import { lineageOf } from './lineage.js';

const NAME = 'gates-unchanged';

/** Where tests lie, and how their files are called, in the languages people use. */
const TESTS =
  /(^|\/)(tests?|specs?|__tests__|e2e|integration|testdata|fixtures|__snapshots__)\/|(^|\/)test_[^/]*$|[._-](test|tests|spec)\.[^/]+$|(^|\/)[^/]*Tests?\.(java|kt|cs|swift|scala)$/;

const Telemetry = z.object({ hal: z.object({ profile: HalProfileDigest.optional() }).optional() });

/**
 * What the gates measure is what validate measured: the settings, the HAL profile and the test files. Whoever changes
 * those after the fact changes what passed means.
 */
export const gatesUnchanged: Step = { name: NAME, run: judge };

async function judge(guardrail: Guardrail): Promise<Checked> {
  const { workspace, settings, packet } = guardrail;
  const root = settings.workspace.evidence_root;
  const recorded = newestGuardrails(workspace, root, packet.specId).get('validate');
  if (recorded?.manifest === undefined)
    return required(NAME, 'not_run', 'Not run: there is no evidence of validate to compare with.');
  const { predicate } = recorded.manifest;
  const changed = [
    ...(predicate.configDigest === guardrail.configDigest ? [] : [SETTINGS_FILE]),
    ...changedProfile(guardrail, recorded),
    ...(await changedTests(guardrail, recorded)),
  ];
  if (changed.length === 0)
    return required(NAME, 'passed', `${SETTINGS_FILE}, the HAL profile and the tests are those of validate.`);
  return required(
    NAME,
    'failed',
    `Changed since validate: ${some([...new Set(changed)], 5)}. Look at what changed, then run the validate guardrail again.`,
  );
}

/** By its digest, because git may not know the profile. A run whose telemetry leaves HAL out says nothing about it. */
function changedProfile({ workspace, settings }: Guardrail, recorded: Recorded): readonly string[] {
  const then = recordedProfile(workspace.files, settings.workspace.evidence_root, recorded);
  if (then === undefined) return [];
  const now = profileDigest(workspace, settings.hal.profile);
  return now.sha256 === then.sha256 && now.path === then.path
    ? []
    : [now.path ?? then.path ?? 'the HAL profile'];
}

function recordedProfile(
  files: Guardrail['workspace']['files'],
  root: string,
  { manifest, record }: Recorded,
): z.output<typeof HalProfileDigest> | undefined {
  const subject = manifest === undefined ? undefined : telemetryOf(manifest, 'validate', record.bundle);
  if (subject === undefined) return undefined;
  const bytes = files.read(`${root}/${subject.name}`, MAX_MANIFEST_BYTES)?.bytes;
  if (bytes === undefined || sha256Of(bytes) !== subject.digest.sha256) return undefined;
  return Telemetry.safeParse(parsed(bytes)).data?.hal?.profile;
}

async function changedTests(guardrail: Guardrail, { manifest }: Recorded): Promise<readonly string[]> {
  if (manifest === undefined) return [];
  const lineage = await lineageOf(guardrail, manifest.predicate.source);
  return lineage.kind === 'elsewhere' ? lineage.changed.filter(path => TESTS.test(path)) : [];
}
