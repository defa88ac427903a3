import { isRefusedOnGuess } from '../causes/_clients.ts';
import { findClient } from '../knowledge/clients.ts';
import type { Evidence, NegotiationRow } from '../model/facts.ts';
import { TLS_VERSIONS } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Finding } from '../model/report.ts';
import { STAGES, type Stage, type StageResult } from '../model/stage.ts';
import { findStatus } from './server-status.ts';

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
    const { state, address, millis, detail: lack } = connect.value;
    switch (state) {
      case 'open':
        return { state: 'passed', detail: `${address} accepts connections (${millis} ms)` };
      case 'refused':
        return { state: 'failed', detail: `${address} refuses the connection` };
      case 'timeout':
        return { state: 'failed', detail: `${address} does not answer` };
      case 'unreachable':
        return { state: 'failed', detail: lack ?? `${address} cannot be reached` };
    }
  },

  negotiate: (evidence) => {
    const negotiation = evidence['rdp.negotiation'];
    if (negotiation?.state !== 'present') return unknown(negotiation, 'nothing was negotiated');
    const rows = negotiation.value;
    if (rows.some(isAcceptable)) return { state: 'passed', detail: describeOffer(evidence) };
    return rows.length === 0
      ? { state: 'unknown', detail: 'nothing was negotiated' }
      : { state: 'failed', detail: describeRefusals(rows) };
  },

  tls: (evidence) => {
    const offer = evidence['rdp.tls'];
    if (offer?.state === 'present' && offer.value === 'refused') {
      // Silence in its place is neither health nor a failure, as it is in TLS.
      const encryption = evidence['rdp.encryption'];
      return encryption?.state === 'unknown' && encryption.why === 'timeout'
        ? unknown(encryption, "the server's security data was not seen")
        : { state: 'passed', detail: 'not used: the listener offers standard RDP security only' };
    }
    const asClient = evidence['tls.asClient'];
    if (asClient?.state === 'present' && asClient.value.answer !== 'accepted') {
      const { client, answer } = asClient.value;
      const profile = findClient(client);
      if (
        profile !== undefined &&
        isRefusedOnGuess(profile, asClient.value, seenIn(evidence['tls.versions']))
      ) {
        return {
          state: 'unknown',
          detail: `the hello of ${client} is refused, but what that client really offers is not known for certain`,
        };
      }
      return answer === 'timeout'
        ? { state: 'unknown', detail: `the hello of ${client} got no answer in time` }
        : { state: 'failed', detail: `the hello of ${client} is ${answer}` };
    }
    const versions = evidence['tls.versions'];
    if (versions?.state !== 'present') return unknown(versions, 'no TLS version was tried');
    const accepted = TLS_VERSIONS.filter((version) => versions.value[version] === 'accepted');
    if (accepted.length > 0) return { state: 'passed', detail: `TLS ${accepted.join(', ')}` };
    // A version that was not answered in time may be one that would be accepted.
    return TLS_VERSIONS.some((version) => versions.value[version] === 'timeout')
      ? { state: 'unknown', detail: 'no TLS version was accepted, but some got no answer in time' }
      : { state: 'failed', detail: 'no TLS version is accepted' };
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
      detail: `CredSSP${version?.state === 'present' ? ` version ${version.value}` : ''}: the server answers with a challenge`,
    };
  },

  logon: (evidence) => {
    const logon = evidence['nla.logon'];
    if (logon?.state !== 'present') return unknown(logon, 'no credential was tried (--user)');
    const { status, name } = logon.value;
    if (status === 0) return { state: 'passed', detail: 'the server accepted the credential' };
    const row = findStatus(status);
    return { state: 'failed', detail: row === undefined ? name : `${name}: ${row.meaning}` };
  },

  session: (evidence) => {
    // Where standard RDP security is all there is, a listener that gives no security data lets nobody in.
    const encryption = evidence['rdp.encryption'];
    if (
      seenIn(evidence['rdp.tls']) === 'refused' &&
      seenIn(evidence['rdp.standard']) === 'accepted' &&
      encryption?.state === 'unknown' &&
      encryption.why === 'corrupt'
    ) {
      return { state: 'failed', detail: encryption.detail ?? "the server's security data is unusable" };
    }
    return { state: 'unknown', detail: 'cannot be seen from outside' };
  },
};

/** RDSTLS and RDSAAD: what no ordinary client asks for, so that being taken up on it leads nobody on. */
const SPECIAL_PROTOCOLS: readonly number[] = [4, 0x10];

/** Whether a client that asked for this would go on: with what it asked for, or without TLS. */
function isAcceptable({ answer, requested, selected }: NegotiationRow): boolean {
  if (answer === 'no-negotiation') return true;
  if (answer !== 'selected' || selected === undefined || SPECIAL_PROTOCOLS.includes(selected)) return false;
  const isOneProtocol = (selected & (selected - 1)) === 0;
  return selected === 0 || (isOneProtocol && (requested & selected) === selected);
}

function seenIn<T>(observation: Observation<T> | undefined): T | undefined {
  return observation?.state === 'present' ? observation.value : undefined;
}

function unknown(observation: Observation<unknown> | undefined, otherwise: string): Seen {
  return {
    state: 'unknown',
    detail: observation?.state === 'present' ? otherwise : (observation?.detail ?? otherwise),
  };
}

function describeOffer(evidence: Evidence): string {
  const word = (name: 'rdp.nla' | 'rdp.tls' | 'rdp.standard'): string => {
    const observation = evidence[name];
    return observation?.state === 'present' ? observation.value : 'not known';
  };
  return `NLA ${word('rdp.nla')}, TLS ${word('rdp.tls')}, standard RDP security ${word('rdp.standard')}`;
}

/** Why none of these requests was taken: in a sentence where all met the same, else row by row. */
function describeRefusals(rows: readonly NegotiationRow[]): string {
  const answers = new Set(rows.map((row) => row.answer));
  const [first] = rows;
  if (answers.size > 1 || first === undefined) {
    const each = rows.map((row) => `0x${row.requested.toString(16)} ${shortly(row)}`);
    return `no offer is accepted: ${each.join(', ')}`;
  }
  switch (first.answer) {
    case 'failure': {
      const codes = [...new Set(rows.map((row) => row.failureCode ?? '?'))];
      return `every offer is refused (failure ${codes.join(', ')})`;
    }
    case 'foreign':
      return `${first.detail ?? 'another protocol'} answers on this port`;
    case 'silent':
      return 'the listener accepts the connection but never answers';
    case 'closed':
      return 'the listener closes the connection without an answer';
    default:
      return `the listener selects ${first.selected ?? '?'}, which was not offered`;
  }
}

function shortly(row: NegotiationRow): string {
  switch (row.answer) {
    case 'failure':
      return `failure ${row.failureCode ?? '?'}`;
    case 'foreign':
      return `is answered by ${row.detail ?? 'another protocol'}`;
    case 'selected':
      return `selects ${row.selected ?? '?'}`;
    default:
      return `is ${row.answer === 'silent' ? 'not answered' : row.answer}`;
  }
}
