import { defineCause, type JudgeContext, type Judgement } from '../model/cause.ts';
import type { Certificate, Evidence } from '../model/facts.ts';
import { nameOf } from './_certificate.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

/** How many names a sentence shows. */
const SHOWN_NAMES = 5;

export const certificateNameMismatch = defineCause({
  id: 'certificate-name-mismatch',
  title: 'The certificate does not match the name the client used',
  stage: 'tls',
  uses: ['tls.certificate', 'tcp.connect'],
  prior: 0.005,
  remedies: [],
  advice:
    'Connect by a name in the certificate, or give the listener a certificate with the name that clients use. If none of its names belongs to this machine, first check where the name resolves to: another machine may be answering.',
  ruledOutBy: [['tls.certificate', 'tcp.connect'], ['tcp.connect']],
  judge(evidence, context) {
    const certificate = evidence['tls.certificate'];
    const connect = evidence['tcp.connect'];
    if (isSeen(connect) && (connect.state === 'absent' || connect.value.name === undefined)) {
      return ruledOut(
        ['tcp.connect'],
        'The target was given by its address, so there is no name to compare with the certificate.',
      );
    }
    if (!isSeen(certificate) || !isSeen(connect)) {
      return cannotTell(
        evidence,
        'whether the certificate matches the name',
        ['tls.certificate', 'tcp.connect'],
        ['HOST'],
      );
    }
    if (certificate.state === 'absent') {
      return ruledOut(
        ['tls.certificate'],
        'The listener presents no certificate, so there is no name to compare.',
      );
    }
    return judgeName(evidence, context, certificate.value);
  },
});

function judgeName(
  evidence: Pick<Evidence, 'tls.certificate' | 'tcp.connect'>,
  context: JudgeContext,
  certificate: Certificate,
): Judgement {
  const asked = seenValue(evidence['tcp.connect'])?.name ?? '';
  const names = namesOf(certificate);
  const because = citing(evidence, 'tls.certificate', 'tcp.connect');
  if (names.some((name) => covers(name, asked))) {
    return ruledOut(because, `${nameOf(certificate)} is for ${asked}, the name that was asked for.`);
  }
  const shown = names.slice(0, SHOWN_NAMES);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  const state = `${nameOf(certificate)} is for ${names.length === 0 ? 'no name' : `${list(shown)}${more}`}, not for ${asked}.`;
  // The client's error says that it checks; by itself the default client asks its user, who may go on.
  if (context.suspected?.includes('certificate-name-mismatch') === true) {
    return likely(
      because,
      `${state} The error given with --error comes from a client that insists on the right name.`,
    );
  }
  return {
    ...ruledOut(because, `${state} The default client warns and lets the user continue.`),
    // Of a self-signed certificate clients warn under every name.
    ...(certificate.selfSigned
      ? {}
      : { remark: `${state} Clients warn, and those that must verify the server refuse to connect.` }),
  };
}

/** Names that the certificate vouches for: RFC 9525 counts alternative names alone, Windows the common name as well. */
function namesOf({ subject, subjectAlternativeNames = [] }: Certificate): readonly string[] {
  const common = /(?:^|, )CN=((?:\\.|[^,])*)/.exec(subject)?.[1];
  return [...new Set([...subjectAlternativeNames, ...(common === undefined ? [] : [common])])];
}

/** Whether a name of a certificate covers a host name: a star stands for the whole of the first label (RFC 9525 section 6.3). */
function covers(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === given) return true;
  const rest = given.indexOf('.');
  return wanted.startsWith('*.') && rest > 0 && wanted.slice(1) === given.slice(rest);
}
