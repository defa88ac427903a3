import type { Evidence } from '../model/facts.ts';
import type { Warning } from '../model/report.ts';

/**
 * Whether the listener and the disk of one diagnosis may belong to two machines: a name typed wrong,
 * a disk of another VM, or a copy that has grown old. Each difference is a sentence for the warnings.
 */
export function doubtSameMachine(evidence: Evidence): readonly Warning[] {
  const doubts: string[] = [];
  const shown = evidence['tls.certificate'];
  const stored = evidence['listener.certificate'];
  if (shown?.state === 'present' && stored?.state === 'present' && shown.value.sha1 !== stored.value.sha1) {
    doubts.push(
      `the listener presents a different certificate (${shown.value.sha1}) from the one on the disk (${stored.value.sha1}): the disk may belong to another machine or be an old copy`,
    );
  }
  const challenge = evidence['ntlm.challenge'];
  const name = evidence['computer.name'];
  if (challenge?.state === 'present' && name?.state === 'present') {
    const stated = challenge.value.netbiosComputer;
    if (stated !== undefined && stated.toLowerCase() !== name.value.slice(0, NETBIOS_LENGTH).toLowerCase()) {
      doubts.push(
        `the listener calls itself ${stated}, but the disk is from ${name.value}: the disk may belong to another machine`,
      );
    }
  }
  return doubts.map((text) => ({ code: 'witnesses-disagree', text }));
}

/** A NetBIOS name is the computer's name cut off here. */
const NETBIOS_LENGTH = 15;
