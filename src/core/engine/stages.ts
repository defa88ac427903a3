import type { Evidence, NegotiationRow, TlsVersions } from '../model/facts.ts';
import { TLS_VERSIONS } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Finding } from '../model/report.ts';
import { STAGES, type Stage, type StageResult } from '../model/stage.ts';

type State = StageResult['state'];
type Seen = Omit<StageResult, 'stage'>;

/**
 * How far a sign-in comes, as far as was seen. A stage fails where the evidence shows it or a
 * confirmed finding says so; what comes after a failed stage is unknown, whatever hints there are.
 */
export function walkStages(evidence: Evidence, findings: readonly Finding[]): readonly StageResult[] {
  const walked: StageResult[] = [];
  let stopped: Stage | undefined;
  for (const stage of STAGES) {
    if (stopped !== undefined) {
      walked.push({ stage, state: 'unknown', detail: `not reached: the sign-in stops at ${stopped}` });
      continue;
    }
    const proof = findings.find((finding) => finding.stage === stage && finding.verdict === 'confirmed');
    const looked = SEEN[stage](evidence);
    const seen: Seen =
      proof !== undefined && looked.state !== 'failed' ? { state: 'failed', detail: proof.title } : looked;
    if (seen.state === 'failed') stopped = stage;
    walked.push({ stage, ...seen });
  }
  return walked;
}

const SEEN: Readonly<Record<Stage, (evidence: Evidence) => Seen>> = {
  reach: (evidence) => {
    const connect = evidence['tcp.connect'];
    if (connect?.state !== 'present') return unknown(connect, 'no connection was tried');
    const { state, address, millis } = connect.value;
    switch (state) {
      case 'open':
        return { state: 'passed', detail: `${address} takes connections (${millis} ms)` };
      case 'refused':
        return { state: 'failed', detail: `${address} refuses the connection` };
      case 'timeout':
        return { state: 'failed', detail: `${address} does not answer` };
      case 'unreachable':
        return { state: 'failed', detail: `there is no way to ${address}` };
    }
  },

  negotiate: (evidence) => {
    const negotiation = evidence['rdp.negotiation'];
    if (negotiation?.state !== 'present') return unknown(negotiation, 'nothing was negotiated');
    const rows = negotiation.value;
    if (rows.some((row) => row.answer === 'selected' || row.answer === 'no-negotiation')) {
      return { state: 'passed', detail: describeOffer(evidence) };
    }
    const [row] = rows;
    return row === undefined
      ? { state: 'unknown', detail: 'nothing was negotiated' }
      : { state: 'failed', detail: describeRefusal(row) };
  },

  tls: (evidence) => {
    const offer = evidence['rdp.tls'];
    if (offer?.state === 'present' && offer.value === 'refused') {
      return { state: 'passed', detail: 'not used: the listener offers standard RDP security only' };
    }
    const asClient = evidence['tls.asClient'];
    if (asClient?.state === 'present' && asClient.value.answer !== 'accepted') {
      return { state: 'failed', detail: `the hello of ${asClient.value.client} is ${asClient.value.answer}` };
    }
    const versions = evidence['tls.versions'];
    if (versions?.state !== 'present') return unknown(versions, 'no TLS version was tried');
    const accepted = TLS_VERSIONS.filter((version) => versions.value[version] === 'accepted');
    if (accepted.length > 0) return { state: 'passed', detail: `TLS ${accepted.join(', ')}` };
    return { state: allTimedOut(versions.value), detail: 'no version of TLS is accepted' };
  },

  credssp: (evidence) => {
    const nla = evidence['rdp.nla'];
    if (nla?.state === 'present' && nla.value === 'refused') {
      return { state: 'passed', detail: 'not used: the listener does not offer NLA' };
    }
    const refusal = evidence['ntlm.refusal'];
    if (refusal?.state === 'present') {
      return { state: 'failed', detail: `the server refuses NTLM (${refusal.value.name})` };
    }
    const version = evidence['credssp.version'];
    const challenge = evidence['ntlm.challenge'];
    if (challenge?.state !== 'present') return unknown(challenge, 'CredSSP was not reached');
    return {
      state: 'passed',
      detail: `CredSSP ${version?.state === 'present' ? version.value : '?'} answers with a challenge`,
    };
  },

  logon: (evidence) => {
    const logon = evidence['nla.logon'];
    if (logon?.state !== 'present') return unknown(logon, 'no credential was tried (--user)');
    return logon.value.status === 0
      ? { state: 'passed', detail: 'the server accepted the credential' }
      : { state: 'failed', detail: logon.value.name };
  },

  session: () => ({ state: 'unknown', detail: 'cannot be seen from outside' }),
};

function unknown(observation: Observation<unknown> | undefined, otherwise: string): Seen {
  return {
    state: 'unknown',
    detail: observation?.state === 'present' ? otherwise : (observation?.detail ?? otherwise),
  };
}

function allTimedOut(versions: TlsVersions): State {
  return TLS_VERSIONS.every((version) => versions[version] === 'timeout') ? 'unknown' : 'failed';
}

function describeOffer(evidence: Evidence): string {
  const word = (name: 'rdp.nla' | 'rdp.tls' | 'rdp.standard'): string => {
    const observation = evidence[name];
    return observation?.state === 'present' ? observation.value : 'not known';
  };
  return `NLA ${word('rdp.nla')}, TLS ${word('rdp.tls')}, standard RDP security ${word('rdp.standard')}`;
}

function describeRefusal(row: NegotiationRow): string {
  switch (row.answer) {
    case 'failure':
      return `every offer is refused (failure ${row.failureCode ?? '?'})`;
    case 'foreign':
      return `${row.detail ?? 'another protocol'} answers on this port`;
    case 'silent':
      return 'the listener takes the connection and says nothing';
    default:
      return 'the listener closes the connection without an answer';
  }
}
