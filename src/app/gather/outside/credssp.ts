import { filetimeToUnixMillis } from '../../../core/bytes/filetime.ts';
import { statusName } from '../../../core/knowledge/status-name.ts';
import type { NlaLogon, NtlmChallengeFact, NtlmRefusal } from '../../../core/model/facts.ts';
import { absent, type Observation, present, unknown } from '../../../core/model/observation.ts';
import type { ChallengeAnswer } from '../../../core/protocol/credssp.ts';
import type { Secured } from '../../../core/protocol/dialog.ts';
import { PROTOCOL } from '../../../core/protocol/x224.ts';
import { FAILED_BEFORE, type Refusal } from '../../attempts.ts';
import { type Outside, provenance } from './outside.ts';
import { type CredsspProbe, isWithoutCertificate } from './probes.ts';
import { describeInterruption, NO_CONNECTION, shorten, whyOf } from './words.ts';

export interface CredsspFacts {
  readonly version: Observation<number>;
  readonly challenge: Observation<NtlmChallengeFact>;
  readonly refusal: Observation<NtlmRefusal>;
  readonly skew: Observation<number>;
}

/** `credssp.version`, `ntlm.challenge`, `ntlm.refusal` and `clock.skewSeconds`. */
export function observeCredssp(outside: Outside, probe: CredsspProbe | undefined): CredsspFacts {
  const answer = probe?.challenge;
  if (answer === undefined) {
    const missing = whyNoCredssp(outside, probe);
    return { version: missing, challenge: missing, refusal: missing, skew: missing };
  }
  const from = provenance(outside, 'credssp');
  switch (answer.kind) {
    case 'challenge':
      return {
        version: present(answer.version, from),
        challenge: present(factOf(answer), from),
        refusal: absent(from, 'the server answered NTLM with a challenge'),
        skew: skewOf(outside, answer),
      };
    case 'refused': {
      const missing = unknown<never>('denied', 'the server refused before it sent a challenge');
      return {
        version: answer.version === undefined ? missing : present(answer.version, from),
        challenge: missing,
        refusal: present(
          answer.errorCode === undefined
            ? { name: 'SPNEGO reject' }
            : { status: answer.errorCode, name: statusName(answer.errorCode) },
          from,
        ),
        skew: missing,
      };
    }
    case 'foreign': {
      const missing = unknown<never>(
        'corrupt',
        `CredSSP was selected, and then the server sent an answer that could not be read: ${answer.problem}`,
      );
      return { version: missing, challenge: missing, refusal: missing, skew: missing };
    }
    case 'interrupted': {
      const missing = unknown<never>(
        whyOf(answer.by),
        `CredSSP was selected, and then the server ${describeInterruption(answer.by)}`,
      );
      return { version: missing, challenge: missing, refusal: missing, skew: missing };
    }
  }
}

/** `nla.logon`: what became of the one attempt. */
export function observeLogon(
  outside: Outside,
  probe: CredsspProbe | Refusal | undefined,
  attempted: boolean,
): Observation<NlaLogon> {
  if (!attempted) return unknown('not-gathered', 'no credential was tried (--user)');
  if (probe === 'failed-before') return unknown('no-channel', FAILED_BEFORE);
  if (probe === 'late') return unknown('timeout', 'another attempt with the account had not ended in time');
  const logon = probe?.logon;
  if (logon === undefined)
    return unknown('no-channel', 'the attempt was not made: its connection received no usable challenge');
  const from = provenance(outside, 'logon');
  switch (logon.kind) {
    case 'accepted':
      return present({ status: 0, name: statusName(0) }, from);
    case 'status':
      return present({ status: logon.code, name: statusName(logon.code) }, from);
    case 'binding-mismatch':
      return unknown(
        'corrupt',
        "the server's proof does not match its certificate: another machine may be between the two",
      );
    case 'foreign':
      return unknown('corrupt', logon.problem);
    case 'interrupted':
      return logon.by.kind === 'closed'
        ? unknown('denied', 'the server closed the connection after the sign-in attempt and gave no reason')
        : unknown(whyOf(logon.by), `after the sign-in attempt the server ${describeInterruption(logon.by)}`);
  }
}

function whyNoCredssp(outside: Outside, probe: CredsspProbe | undefined): Observation<never> {
  if (probe === undefined) return unknown('no-channel', NO_CONNECTION);
  const { negotiation, secured } = probe;
  if (negotiation.kind === 'interrupted' || negotiation.kind === 'foreign') {
    return unknown('no-channel', 'the negotiation did not get as far as CredSSP');
  }
  if (isWithoutCertificate(negotiation)) {
    return unknown('no-channel', 'CredSSP could not begin: the listener has no usable certificate');
  }
  const offered = negotiation.kind === 'selected' && negotiation.selected !== PROTOCOL.ssl;
  if (offered && secured !== undefined && secured.kind !== 'secured') {
    return unknown('no-channel', `CredSSP could not begin: during the TLS handshake ${whyNoTls(secured)}`);
  }
  return absent(provenance(outside, 'credssp'), 'the listener does not offer CredSSP');
}

function whyNoTls(secured: Exclude<Secured, { readonly kind: 'secured' }>): string {
  if (secured.kind !== 'tls-failed') return `the server ${describeInterruption(secured)}`;
  return secured.alert === undefined
    ? `OpenSSL on this machine stopped (${secured.reason})`
    : `the server sent alert ${secured.alert}`;
}

type Challenged = ChallengeAnswer & { readonly kind: 'challenge' };

function factOf({ challenge }: Challenged): NtlmChallengeFact {
  const { version, targetInfo } = challenge;
  const named = {
    netbiosComputer: targetInfo?.nbComputerName,
    netbiosDomain: targetInfo?.nbDomainName,
    dnsComputer: targetInfo?.dnsComputerName,
    dnsDomain: targetInfo?.dnsDomainName,
    dnsForest: targetInfo?.dnsTreeName,
    osBuild: version === undefined ? undefined : `${version.major}.${version.minor}.${version.build}`,
    timestamp:
      targetInfo?.timestamp === undefined
        ? undefined
        : new Date(filetimeToUnixMillis(targetInfo.timestamp)).toISOString(),
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, shorten(value)]])),
  );
}

/** The server took its time stamp between our message and its answer: half the round trip is taken off. */
function skewOf(outside: Outside, answer: Challenged): Observation<number> {
  const from = provenance(outside, 'credssp');
  const timestamp = answer.challenge.targetInfo?.timestamp;
  if (timestamp === undefined) return absent(from, 'the challenge carries no timestamp');
  const here = (answer.sentAt + answer.receivedAt) / 2;
  const seconds = (filetimeToUnixMillis(timestamp) - here) / 1000;
  return present(Math.round(seconds * 1000) / 1000, from);
}
