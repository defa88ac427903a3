import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walkStages } from '../../../src/core/engine/stages.ts';
import { findNtStatus } from '../../../src/core/knowledge/ntstatus.ts';
import type { Evidence, Facts, NegotiationRow, TlsVersionAnswer } from '../../../src/core/model/facts.ts';
import { unknown } from '../../../src/core/model/observation.ts';
import type { Finding } from '../../../src/core/model/report.ts';
import { STAGES } from '../../../src/core/model/stage.ts';
import { findingOf, HEALTHY, seeing } from './reports.ts';

interface Row {
  readonly name: string;
  readonly facts?: Partial<Facts>;
  readonly evidence?: Evidence;
  readonly findings?: readonly Finding[];
  /** A letter a stage: p passed, f failed, u unknown. */
  readonly states: string;
  /** What the stage that is asked about says. */
  readonly detail?: readonly [stage: (typeof STAGES)[number], detail: string];
  /** The same of several. */
  readonly details?: Partial<Readonly<Record<(typeof STAGES)[number], string>>>;
}

const tls = (answers: readonly [TlsVersionAnswer, TlsVersionAnswer, TlsVersionAnswer, TlsVersionAnswer]) => ({
  'tls.versions': {
    '1.0': answers[0],
    '1.1': answers[1],
    '1.2': answers[2],
    '1.3': answers[3],
    alerts: {},
    suites: {},
  },
});

const reach = (state: 'open' | 'refused' | 'timeout' | 'unreachable') => ({
  'tcp.connect': { state, millis: 3, address: '192.0.2.4', addresses: [] },
});

const negotiation = (...rows: readonly NegotiationRow[]) => ({ 'rdp.negotiation': rows });
const failure = (requested: number, failureCode: number): NegotiationRow => ({
  requested,
  answer: 'failure',
  failureCode,
});

/** A listener that does not negotiate: standard RDP security is all there is. */
const PLAIN_LISTENER: Partial<Facts> = {
  ...reach('open'),
  ...negotiation({ requested: 0, answer: 'no-negotiation' }),
  'rdp.tls': 'refused',
  'rdp.nla': 'refused',
  'rdp.standard': 'accepted',
};

const ROWS: readonly Row[] = [
  { name: 'nothing was gathered', facts: {}, states: 'uuuuuu' },
  { name: 'a healthy listener', facts: HEALTHY, states: 'ppppuu' },
  {
    name: 'a name that does not resolve',
    evidence: { 'tcp.connect': unknown('no-channel', 'the name vm1 does not resolve') },
    states: 'uuuuuu',
    detail: ['reach', 'the name vm1 does not resolve'],
  },
  {
    name: 'refused',
    facts: { ...HEALTHY, ...reach('refused') },
    states: 'fuuuuu',
    detail: ['negotiate', 'not reached: the sign-in stops at reach'],
  },
  {
    name: 'no answer',
    facts: reach('timeout'),
    states: 'fuuuuu',
    detail: ['reach', '192.0.2.4 does not answer'],
  },
  {
    name: 'no way',
    facts: reach('unreachable'),
    states: 'fuuuuu',
    detail: ['reach', '192.0.2.4 cannot be reached'],
  },
  {
    name: 'every offer is refused',
    facts: { ...HEALTHY, ...negotiation(failure(0, 3), failure(1, 3), failure(11, 2)) },
    states: 'pfuuuu',
    detail: ['negotiate', 'every offer is refused (failure 3, 2)'],
  },
  {
    name: 'offers are refused in different ways',
    facts: {
      ...HEALTHY,
      ...negotiation(failure(0, 5), { requested: 1, answer: 'closed' }, { requested: 3, answer: 'silent' }),
    },
    states: 'pfuuuu',
    detail: ['negotiate', 'no offer is accepted: 0x0 failure 5, 0x1 is closed, 0x3 is not answered'],
  },
  {
    name: 'closed',
    facts: { ...HEALTHY, ...negotiation({ requested: 0, answer: 'closed' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'the listener closes the connection without an answer'],
  },
  {
    name: 'silent',
    facts: { ...HEALTHY, ...negotiation({ requested: 0, answer: 'silent' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'the listener accepts the connection but never answers'],
  },
  {
    name: 'another service',
    facts: { ...HEALTHY, ...negotiation({ requested: 0, answer: 'foreign', detail: 'an SSH server' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'an SSH server answers on this port'],
  },
  {
    name: 'a protocol that was not offered',
    facts: { ...HEALTHY, ...negotiation({ requested: 1, answer: 'selected', selected: 2 }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'the listener selects 2, which was not offered'],
  },
  {
    name: 'a mask of several protocols',
    facts: { ...HEALTHY, ...negotiation({ requested: 3, answer: 'selected', selected: 3 }) },
    states: 'pfuuuu',
  },
  {
    name: 'standard RDP security for whoever asked for more',
    facts: { ...HEALTHY, ...negotiation({ requested: 11, answer: 'selected', selected: 0 }) },
    states: 'ppppuu',
  },
  {
    name: 'a server that does not negotiate',
    facts: {
      ...reach('open'),
      ...negotiation({ requested: 0, answer: 'no-negotiation' }),
      'rdp.tls': 'refused',
      'rdp.nla': 'refused',
      'rdp.standard': 'accepted',
    },
    states: 'ppppuu',
    detail: ['tls', 'not used: the listener offers standard RDP security only'],
  },
  {
    name: 'standard RDP security alone, and its security data is garbage',
    evidence: {
      ...seeing({
        ...reach('open'),
        ...negotiation({ requested: 0, answer: 'no-negotiation' }),
        'rdp.tls': 'refused',
        'rdp.nla': 'refused',
        'rdp.standard': 'accepted',
      }),
      'rdp.encryption': unknown('corrupt', 'garbage'),
    },
    states: 'ppppuf',
    detail: ['session', 'garbage'],
  },
  {
    name: 'standard RDP security alone, and then silence',
    evidence: {
      ...seeing({
        ...reach('open'),
        ...negotiation({ requested: 0, answer: 'no-negotiation' }),
        'rdp.tls': 'refused',
        'rdp.nla': 'refused',
        'rdp.standard': 'accepted',
      }),
      'rdp.encryption': unknown('timeout', 'nothing came'),
    },
    states: 'ppupuu',
    detail: ['tls', 'nothing came'],
  },
  {
    name: 'no version of TLS',
    facts: { ...HEALTHY, ...tls(['refused', 'closed', 'refused', 'refused']) },
    states: 'ppfuuu',
    detail: ['tls', 'no TLS version is accepted'],
  },
  {
    name: 'a version that was not answered in time may be the one',
    facts: { ...HEALTHY, ...tls(['refused', 'refused', 'timeout', 'refused']) },
    states: 'ppupuu',
  },
  {
    name: 'one version is enough',
    facts: { ...HEALTHY, ...tls(['accepted', 'timeout', 'closed', 'accepted']) },
    states: 'ppppuu',
    detail: ['tls', 'TLS 1.0, 1.3'],
  },
  {
    name: "the named client's hello is refused",
    facts: { ...HEALTHY, 'tls.asClient': { client: 'windows-7', answer: 'refused', alert: 70 } },
    states: 'ppfuuu',
    detail: ['tls', 'the hello of windows-7 is refused'],
  },
  {
    name: "the named client's hello is left without an answer",
    facts: { ...HEALTHY, 'tls.asClient': { client: 'windows-7', answer: 'timeout' } },
    states: 'ppupuu',
  },
  {
    name: "the named client's hello is accepted",
    facts: { ...HEALTHY, 'tls.asClient': { client: 'windows-11', answer: 'accepted' } },
    states: 'ppppuu',
  },
  {
    name: 'NLA is not offered',
    evidence: {
      ...seeing({ ...HEALTHY, 'rdp.nla': 'refused' }),
      'ntlm.challenge': unknown('no-channel'),
    },
    states: 'ppppuu',
    detail: ['credssp', 'not used: the listener does not offer NLA'],
  },
  {
    name: 'NTLM is refused',
    facts: { ...HEALTHY, 'ntlm.refusal': { status: 0x80090302, name: 'SEC_E_UNSUPPORTED_FUNCTION' } },
    states: 'pppfuu',
    detail: ['credssp', 'the server refuses NTLM (SEC_E_UNSUPPORTED_FUNCTION)'],
  },
  {
    name: 'no challenge arrived',
    evidence: { ...seeing(HEALTHY), 'ntlm.challenge': unknown('timeout', 'the server said nothing') },
    states: 'pppuuu',
    detail: ['credssp', 'the server said nothing'],
  },
  {
    name: 'the credential was accepted',
    facts: { ...HEALTHY, 'nla.logon': { status: 0, name: 'STATUS_SUCCESS' } },
    states: 'pppppu',
  },
  {
    name: 'the credential was refused',
    facts: { ...HEALTHY, 'nla.logon': { status: 0xc000006d, name: 'STATUS_LOGON_FAILURE' } },
    states: 'ppppfu',
    detail: ['logon', `STATUS_LOGON_FAILURE: ${findNtStatus(0xc000006d)?.meaning}`],
  },
  {
    name: 'the credential was refused with a status that nobody knows',
    facts: { ...HEALTHY, 'nla.logon': { status: 0xc0ffee01, name: '0xC0FFEE01' } },
    states: 'ppppfu',
    detail: ['logon', '0xC0FFEE01'],
  },
  {
    name: 'a confirmed finding fails its stage, whatever was seen there',
    facts: HEALTHY,
    findings: [findingOf('tls-no-common-suite', 'confirmed', 'tls')],
    states: 'ppfuuu',
    detail: ['tls', 'Title of tls-no-common-suite'],
  },
  {
    name: 'a confirmed finding does not outshout what was seen to fail',
    facts: { ...HEALTHY, ...tls(['refused', 'refused', 'refused', 'refused']) },
    findings: [findingOf('tls-server-disabled', 'confirmed', 'tls')],
    states: 'ppfuuu',
    detail: ['tls', 'no TLS version is accepted'],
  },
  {
    name: 'a likely finding fails nothing',
    facts: HEALTHY,
    findings: [findingOf('certificate-expired', 'likely', 'tls')],
    states: 'ppppuu',
  },
  {
    name: 'every stage says what it was passed with',
    facts: HEALTHY,
    states: 'ppppuu',
    details: {
      reach: '192.0.2.4 accepts connections (12 ms)',
      negotiate: 'NLA required, TLS required, standard RDP security refused',
      tls: 'TLS 1.2',
      credssp: 'CredSSP version 6: the server answers with a challenge',
      logon: 'no credential was tried (--user)',
      session: 'cannot be seen from outside',
    },
  },
  {
    name: 'nobody looked at anything',
    evidence: {},
    states: 'uuuuuu',
    details: {
      reach: 'no connection was tried',
      negotiate: 'nothing was negotiated',
      tls: 'no TLS version was tried',
      credssp: 'CredSSP was not reached',
    },
  },
  {
    name: 'no way, and the system says why',
    facts: {
      'tcp.connect': {
        ...{ state: 'unreachable', millis: 3, address: '192.0.2.4', addresses: [] },
        detail: 'no route to host',
      },
    },
    states: 'fuuuuu',
    detail: ['reach', 'no route to host'],
  },
  {
    name: 'refused, in words',
    facts: reach('refused'),
    states: 'fuuuuu',
    detail: ['reach', '192.0.2.4 refuses the connection'],
  },
  {
    name: 'no request was made',
    facts: { ...reach('open'), ...negotiation() },
    states: 'puuuuu',
    detail: ['negotiate', 'nothing was negotiated'],
  },
  {
    name: 'one offer of several is taken',
    facts: {
      ...HEALTHY,
      ...negotiation(failure(0, 5), { requested: 1, answer: 'selected', selected: 1 }),
    },
    states: 'ppppuu',
  },
  {
    name: 'what is offered was not all seen',
    facts: { ...reach('open'), ...negotiation({ requested: 1, answer: 'selected', selected: 1 }) },
    states: 'ppuuuu',
    detail: ['negotiate', 'NLA not known, TLS not known, standard RDP security not known'],
  },
  {
    name: 'RDSTLS, which no ordinary client asks for, leads nobody on',
    facts: { ...HEALTHY, ...negotiation(failure(0, 3), { requested: 4, answer: 'selected', selected: 4 }) },
    states: 'pfuuuu',
  },
  {
    name: 'nor does RDSAAD',
    facts: {
      ...HEALTHY,
      ...negotiation(failure(0, 3), { requested: 0x10, answer: 'selected', selected: 0x10 }),
    },
    states: 'pfuuuu',
    detail: ['negotiate', 'no offer is accepted: 0x0 failure 3, 0x10 selects 16'],
  },
  {
    name: 'an answer that selects nothing by name',
    facts: { ...HEALTHY, ...negotiation({ requested: 1, answer: 'selected' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'the listener selects ?, which was not offered'],
  },
  {
    name: 'an offer meets another protocol, one selects nothing by name and one fails without a code',
    facts: {
      ...HEALTHY,
      ...negotiation(
        { requested: 0, answer: 'foreign', detail: 'an SSH server' },
        { requested: 1, answer: 'foreign' },
        { requested: 3, answer: 'selected' },
        { requested: 11, answer: 'failure' },
      ),
    },
    states: 'pfuuuu',
    detail: [
      'negotiate',
      'no offer is accepted: 0x0 is answered by an SSH server, 0x1 is answered by another protocol, 0x3 selects ?, 0xb failure ?',
    ],
  },
  {
    name: 'a failure without a code, and something without a name',
    facts: { ...HEALTHY, ...negotiation({ requested: 1, answer: 'failure' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'every offer is refused (failure ?)'],
  },
  {
    name: 'something without a name',
    facts: { ...HEALTHY, ...negotiation({ requested: 1, answer: 'foreign' }) },
    states: 'pfuuuu',
    detail: ['negotiate', 'another protocol answers on this port'],
  },
  {
    name: 'a failure of the same code twice is told once',
    facts: { ...HEALTHY, ...negotiation(failure(0, 3), failure(1, 3)) },
    states: 'pfuuuu',
    detail: ['negotiate', 'every offer is refused (failure 3)'],
  },
  {
    name: 'standard RDP security alone, and its security data was seen',
    facts: { ...PLAIN_LISTENER, 'rdp.encryption': { level: 2, methods: 2 } },
    states: 'ppppuu',
  },
  {
    name: 'standard RDP security alone, and nobody asked for its security data',
    evidence: { ...seeing(PLAIN_LISTENER), 'rdp.encryption': unknown('not-gathered') },
    states: 'ppppuu',
  },
  {
    name: 'standard RDP security alone, and its security data is garbage without a word on it',
    evidence: { ...seeing(PLAIN_LISTENER), 'rdp.encryption': unknown('corrupt') },
    states: 'ppppuf',
    detail: ['session', "the server's security data is unusable"],
  },
  {
    name: 'garbage for security data, and TLS besides',
    evidence: { ...seeing({ ...HEALTHY, 'rdp.standard': 'accepted' }), 'rdp.encryption': unknown('corrupt') },
    states: 'ppppuu',
  },
  {
    name: 'garbage for security data where standard RDP security is not taken either',
    evidence: {
      ...seeing({ ...PLAIN_LISTENER, 'rdp.standard': 'refused' }),
      'rdp.encryption': unknown('corrupt'),
    },
    states: 'ppppuu',
  },
  {
    name: 'silence in the place of security data, and TLS besides',
    evidence: { ...seeing(HEALTHY), 'rdp.encryption': unknown('timeout') },
    states: 'ppppuu',
  },
  {
    name: "a client of which the versions are hearsay: its hello's refusal shows nothing",
    facts: { ...HEALTHY, 'tls.asClient': { client: 'macos', answer: 'refused', alert: 70 } },
    states: 'ppupuu',
    detail: [
      'tls',
      'the hello of macos is refused, but what that client really offers is not known for certain',
    ],
  },
  {
    name: 'the hello of a client that no table knows is refused',
    facts: { ...HEALTHY, 'tls.asClient': { client: 'nobody', answer: 'refused', alert: 70 } },
    states: 'ppfuuu',
    detail: ['tls', 'the hello of nobody is refused'],
  },
  {
    name: 'the hello left without an answer, in words',
    facts: { ...HEALTHY, 'tls.asClient': { client: 'windows-7', answer: 'timeout' } },
    states: 'ppupuu',
    detail: ['tls', 'the hello of windows-7 got no answer in time'],
  },
  {
    name: 'a version without an answer, in words',
    facts: { ...HEALTHY, ...tls(['refused', 'timeout', 'refused', 'refused']) },
    states: 'ppupuu',
    detail: ['tls', 'no TLS version was accepted, but some got no answer in time'],
  },
  {
    name: 'a challenge without a version of CredSSP',
    evidence: { ...seeing(HEALTHY), 'credssp.version': unknown('corrupt') },
    states: 'ppppuu',
    detail: ['credssp', 'CredSSP: the server answers with a challenge'],
  },
  {
    name: 'the credential was accepted, in words',
    facts: { ...HEALTHY, 'nla.logon': { status: 0, name: 'STATUS_SUCCESS' } },
    states: 'pppppu',
    detail: ['logon', 'the server accepted the credential'],
  },
  {
    name: 'a confirmed finding of another stage fails that one alone',
    facts: HEALTHY,
    findings: [findingOf('clock-skew', 'likely', 'tls'), findingOf('ntlm-blocked', 'confirmed', 'credssp')],
    states: 'pppfuu',
  },
];

for (const {
  name,
  facts = {},
  evidence = seeing(facts),
  findings = [],
  states,
  detail,
  details = {},
} of ROWS) {
  test(`stages: ${name}`, () => {
    const walked = walkStages(evidence, findings);
    assert.deepEqual(
      walked.map(({ stage }) => stage),
      STAGES,
    );
    assert.equal(walked.map(({ state }) => state[0]).join(''), states, JSON.stringify(walked, undefined, 1));
    if (detail !== undefined) {
      const [stage, words] = detail;
      assert.equal(walked.find((result) => result.stage === stage)?.detail, words);
    }
    for (const [stage, words] of Object.entries(details)) {
      assert.equal(walked.find((result) => result.stage === stage)?.detail, words);
    }
    for (const result of walked) assert.notEqual(result.detail, '', `${result.stage} says nothing`);
  });
}
