import type { EvidenceFinding, OriginCounts } from '../../schemas/evidence-tools.js';
import { codesOf, type OriginBundle, remediesOf } from './bundle.js';
import { REASONS, type Verdict } from './reasons.js';
import type { Survey } from './survey.js';

const SEVERITY: Readonly<Record<Verdict, EvidenceFinding['severity']>> = {
  sound: 'info',
  honest_failure: 'info',
  incomplete: 'warning',
  false: 'error',
  invalid: 'error',
};
const MOST_CODES = 12;

/** One finding a bundle that is not sound, by its heaviest reason; and one for all that is no evidence. */
export function originFindings({ bundles, others }: Survey): readonly EvidenceFinding[] {
  const judged = bundles.filter(({ verdict }) => verdict !== 'sound').map(findingOf);
  const [first] = others;
  if (first === undefined) return judged;
  const message = `${others.length} files are no evidence of a run in any known shape. ${REASONS['unknown-shape'].remedy}`;
  return [...judged, { code: 'unknown-shape', severity: 'info', specId: '', file: first, message }];
}

function findingOf(bundle: OriginBundle): EvidenceFinding {
  const { specId, verdict, session, files, reasons } = bundle;
  const [heaviest] = reasons;
  const codes = codesOf(bundle);
  const others = codes.slice(1, MOST_CODES).join(', ');
  const [remedy = ''] = remediesOf(bundle);
  const seen = heaviest === undefined ? 'It records a failure.' : heaviest.detail;
  const name = heaviest?.file ?? '';
  return {
    code: heaviest?.code ?? 'answer-is-error',
    severity: SEVERITY[verdict],
    specId,
    ...(session === '' ? {} : { bundle: session }),
    file: files.find(({ path }) => path.endsWith(`/${name}`))?.path ?? files[0]?.path ?? '',
    message: `${WORDS[verdict]}: ${seen}${others === '' ? '' : ` Also ${others}.`}${verdict === 'honest_failure' ? '' : ` ${remedy}`}`,
  };
}

const WORDS: Readonly<Record<Verdict, string>> = {
  sound: 'Sound',
  honest_failure: 'An honest failure',
  incomplete: 'Incomplete',
  false: 'False',
  invalid: 'Invalid',
};

export function countVerdicts({ bundles }: Survey): OriginCounts {
  const of = (verdict: Verdict) => bundles.filter(bundle => bundle.verdict === verdict).length;
  return {
    sound: of('sound'),
    honest_failure: of('honest_failure'),
    incomplete: of('incomplete'),
    false: of('false'),
    invalid: of('invalid'),
  };
}
