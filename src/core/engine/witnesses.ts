import { type Evidence, FACT_NAMES, FACTS, type FactName } from '../model/facts.ts';
import { partsOfTheMoment } from '../model/live-facts.ts';
import type { Observation } from '../model/observation.ts';
import { witnessesOf } from '../model/readings.ts';
import type { Warning } from '../model/report.ts';

/**
 * Where two witnesses of one diagnosis contradict each other: they may have seen two machines (a name
 * typed wrong, a disk of another VM, a copy that has grown old), or somebody changed it in between.
 */
export function disagreements(evidence: Evidence): readonly Warning[] {
  return [
    ...differentCertificates(evidence),
    ...differentNames(evidence),
    ...differentReadings(evidence),
  ].map((text) => ({ code: 'witnesses-disagree', text }));
}

function differentCertificates(evidence: Evidence): readonly string[] {
  const shown = evidence['tls.certificate'];
  const stored = evidence['listener.certificate'];
  if (shown?.state !== 'present' || stored?.state !== 'present') return [];
  if (shown.value.sha1 === stored.value.sha1) return [];
  const { channel } = stored.from;
  return [
    channel === 'disk'
      ? `the listener presents a different certificate (${shown.value.sha1}) from the one on the disk (${stored.value.sha1}): the disk may belong to another machine or be an old copy`
      : `the listener presents a different certificate (${shown.value.sha1}) from the one that the machine asked by ${channel} names (${stored.value.sha1}): these may be two machines, or it was changed and the service not restarted`,
  ];
}

function differentNames(evidence: Evidence): readonly string[] {
  const challenge = evidence['ntlm.challenge'];
  const name = evidence['computer.name'];
  if (challenge?.state !== 'present' || name?.state !== 'present') return [];
  const stated = challenge.value.netbiosComputer;
  if (stated === undefined || stated.toLowerCase() === name.value.slice(0, NETBIOS_LENGTH).toLowerCase()) {
    return [];
  }
  const { channel } = name.from;
  return [
    channel === 'disk'
      ? `the listener calls itself ${stated}, but the disk is from ${name.value}: the disk may belong to another machine`
      : `the listener calls itself ${stated}, but the machine asked by ${channel} is ${name.value}: these may be two machines`,
  ];
}

/** A NetBIOS name is the computer's name cut off here. */
const NETBIOS_LENGTH = 15;

/** Facts of which every witness sees a part or a moment: that they differ means nothing. */
const OF_THE_MOMENT: readonly FactName[] = [
  'tcp.connect',
  'clock.skewSeconds',
  'events.relevant',
  'logon.failures',
  'disk.volume',
  'secureChannel.state',
  'listener.owner',
  'policy.refreshedAt',
  'os.startedAt',
  'os.pendingRestart',
  'os.setup',
  'resources.state',
];

function differentReadings(evidence: Evidence): readonly string[] {
  return FACT_NAMES.filter((name) => !OF_THE_MOMENT.includes(name)).flatMap((name) => {
    const [best, ...others] = witnessesOf(evidence, name).filter(({ state }) => state !== 'unknown');
    const other = best && others.find((candidate) => !saySame(name, best, candidate));
    if (best === undefined || other === undefined) return [];
    return [
      `${name} (${FACTS[name]}) was read differently ${placeOf(best)} and ${placeOf(other)}: these may be two machines, or it was changed in between; the first of the two was judged`,
    ];
  });
}

function placeOf(observation: Observation<unknown>): string {
  return observation.state === 'unknown'
    ? ''
    : `by ${observation.from.channel} (${observation.from.observedAt.slice(0, 16).replace('T', ' ')} UTC)`;
}

function saySame(name: FactName, one: Observation<unknown>, other: Observation<unknown>): boolean {
  if (one.state !== other.state) return false;
  if (one.state !== 'present' || other.state !== 'present') return true;
  const moment = partsOfTheMoment(name);
  return isSame(without(moment, one.value), without(moment, other.value));
}

/** Whether a service runs is of the moment, and a disk does not tell it: what both saw is compared. */
function without(parts: readonly string[], value: unknown): unknown {
  return parts.length === 0 || typeof value !== 'object' || value === null
    ? value
    : Object.fromEntries(Object.entries(value).filter(([part]) => !parts.includes(part)));
}

/** Alike in everything but where it was found. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((value, index) => isSame(value, other[index]))
    );
  }
  const left = new Map(Object.entries(one).filter(([key]) => key !== 'where'));
  const right = new Map(Object.entries(other).filter(([key]) => key !== 'where'));
  return left.size === right.size && [...left].every(([key, value]) => isSame(value, right.get(key)));
}
