import type { Evidence } from '../model/facts.ts';
import { absent } from '../model/observation.ts';
import { type InquiryContext, NO_ANSWER, observe, provenance, seek } from './answers.ts';
import type { AnswerValue, Inquiry } from './inquiry.ts';

/** The library that speaks CredSSP: its version tells whether the update for CVE-2018-0886 is there. */
const TSPKG = '\\Windows\\System32\\TSpkg.dll';

/** The version of TSpkg.dll, from its version resource. */
export function* inquireCredsspFile(context: InquiryContext): Inquiry<Evidence> {
  const [answer = NO_ANSWER] = yield [{ kind: 'file-version', path: TSPKG }];
  const version = seek(answer, versionOf, 'a version');
  return {
    'credssp.fileVersion':
      version.state === 'absent'
        ? absent(provenance(context, 'credssp-file', version.at), 'TSpkg.dll does not exist')
        : observe(context, 'credssp-file', version),
  };
}

function versionOf(value: AnswerValue): string | undefined {
  return value.kind === 'version' ? value.version : undefined;
}
