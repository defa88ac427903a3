// What all causes lean on: who is cited, what is missing, which of two witnesses wins, which event is the newer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeEvent,
  fieldOf,
  isEvent,
  lastAlive,
  mentions,
  weighEvents,
} from '../../../src/core/causes/_events.ts';
import { cannotTellFrom, decapitalise, describeSetting, weigh } from '../../../src/core/causes/_inside.ts';
import {
  cannotTell,
  citing,
  confirmed,
  type Effect,
  judgeByClient,
  likely,
  ruledOut,
  suspected,
  whyMissing,
} from '../../../src/core/causes/_judge.ts';
import { list, span, statusCode } from '../../../src/core/causes/_words.ts';
import { CAUSES } from '../../../src/core/causes/index.ts';
import type { Judgement } from '../../../src/core/model/cause.ts';
import type { ClientProfile } from '../../../src/core/model/client.ts';
import type { Evidence } from '../../../src/core/model/facts.ts';
import { client, MODERN, none, OLD, seen, unseen } from './evidence.ts';
import { event, notOnDisk, set } from './windows-evidence.ts';

test('span: the two largest units, without one that is nothing between them', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0 s'],
    [1, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [3601, '1 h'],
    [-15_120, '4 h 12 min'],
    [86_400, '1 d'],
    [86_400 + 3600 + 60, '1 d 1 h'],
    [0.4, '0 s'],
    [0.6, '1 s'],
  ];
  for (const [seconds, words] of rows) assert.equal(span(seconds), words, String(seconds));
});

test('list and status', () => {
  assert.equal(list([]), '');
  assert.equal(list(['a']), 'a');
  assert.equal(list(['a', 'b']), 'a and b');
  assert.equal(list(['a', 'b', 'c']), 'a, b and c');
  assert.equal(statusCode(0xc0000418), '0xC0000418');
  assert.equal(statusCode(7), '0x00000007');
});

test('why a fact is missing: each way has words of its own, and tells the detail', () => {
  const whys = ['no-channel', 'denied', 'timeout', 'corrupt'] as const;
  const words = [
    whyMissing(undefined),
    whyMissing(seen(1)),
    whyMissing(none()),
    whyMissing(notOnDisk()),
    ...whys.map((why) => whyMissing(unseen(why))),
  ];
  assert.equal(new Set(words).size, words.length, words.join('; '));
  assert.equal(whyMissing(unseen('not-gathered')), whyMissing(undefined));
  for (const why of [...whys, 'not-gathered'] as const) {
    assert.equal(whyMissing(unseen(why, 'x')), `${whyMissing(unseen(why))} (x)`);
  }
});

test('cited is what was seen, absent included', () => {
  const evidence: Evidence = { 'rdp.tls': none(), 'rdp.nla': unseen(), 'rdp.standard': seen('accepted') };
  assert.deepEqual(citing(evidence, 'tcp.connect', 'rdp.tls', 'rdp.nla', 'tls.versions', 'rdp.standard'), [
    ...['tcp.connect', 'rdp.tls', 'rdp.standard'],
  ]);
});

test('missing is what was not seen; all of it where everything was; of settings what is absent too', () => {
  const evidence: Evidence = { 'rdp.tls': none(), 'rdp.nla': unseen(), 'rdp.standard': seen('accepted') };
  const open = cannotTell(evidence, 'why', ['rdp.tls', 'rdp.nla', 'rdp.standard'], ['HOST']);
  assert.deepEqual(open.missing, ['rdp.nla']);
  assert.deepEqual(open.settledBy, ['HOST']);
  assert.deepEqual(cannotTell(evidence, 'why', ['rdp.tls', 'rdp.standard'], ['HOST']).missing, [
    ...['rdp.tls', 'rdp.standard'],
  ]);
  const inside = cannotTellFrom(evidence, 'why', ['rdp.standard', 'rdp.tls']);
  assert.deepEqual(inside.missing, ['rdp.tls']);
  assert.deepEqual(inside.settledBy, ['--disk', '--rpc']);
  assert.deepEqual(cannotTellFrom(evidence, 'why', ['rdp.standard']).missing, ['rdp.standard']);
});

test('a setting is told with where it is set, and what a policy overrides', () => {
  const where = 'K!V';
  const policy = { effective: 0, setBy: 'policy', where } as const;
  assert.match(describeSetting('X', { ...policy, machine: 2 }), /^X is 0 .*K!V.*2/);
  assert.equal(describeSetting('X', { ...policy, machine: 0 }), describeSetting('X', policy));
  assert.match(describeSetting('X', { effective: true, setBy: 'machine', where }), /^X is on .*K!V/);
  assert.doesNotMatch(describeSetting('X', { effective: false, setBy: 'default', where }), /K!V/);
  assert.notEqual(describeSetting('X', policy), describeSetting('X', { ...policy, setBy: 'machine' }));
});

const OPEN_OUTSIDE: Evidence = { 'rdp.nla': unseen('timeout') };
const open = (
  fact: 'rdp.nla' | 'listener.portNumber',
  look: 'HOST' | '--disk',
  remark?: string,
): Judgement => ({
  ...{ verdict: 'inconclusive', missing: [fact], explanation: 'Open.', settledBy: [look] },
  ...(remark === undefined ? {} : { remark }),
});
const OUT = {
  sure: confirmed(['rdp.nla'], 'Seen.'),
  maybe: likely(['rdp.nla'], 'Seen.'),
  looks: suspected(['rdp.nla'], 'Seen.'),
  not: ruledOut(['rdp.nla'], 'Seen.'),
  open: open('rdp.nla', 'HOST'),
};
const IN = {
  sure: confirmed(['listener.portNumber'], 'Set.'),
  maybe: likely(['listener.portNumber'], 'Set.'),
  looks: suspected(['listener.portNumber'], 'Set.'),
  not: ruledOut(['listener.portNumber'], 'Set.'),
  open: open('listener.portNumber', '--disk'),
};
const BOTH = ['rdp.nla', 'listener.portNumber'];
/** What the listener does, what is set, the verdict of both, and what it rests on. */
const WEIGHED: readonly (readonly [
  keyof typeof OUT,
  keyof typeof IN,
  Judgement['verdict'],
  readonly string[],
])[] = [
  ['sure', 'sure', 'confirmed', BOTH],
  ['sure', 'maybe', 'confirmed', BOTH],
  ['maybe', 'maybe', 'likely', BOTH],
  ['maybe', 'sure', 'confirmed', BOTH],
  ['sure', 'not', 'confirmed', BOTH],
  ['maybe', 'not', 'likely', BOTH],
  ['not', 'sure', 'likely', BOTH],
  ['not', 'maybe', 'likely', BOTH],
  ['not', 'not', 'ruled-out', BOTH],
  ['not', 'looks', 'ruled-out', ['rdp.nla']],
  ['looks', 'not', 'ruled-out', ['listener.portNumber']],
  ['looks', 'maybe', 'likely', BOTH],
  ['open', 'sure', 'confirmed', ['listener.portNumber']],
  ['open', 'not', 'ruled-out', ['listener.portNumber']],
  ['sure', 'open', 'confirmed', ['rdp.nla']],
  ['not', 'open', 'ruled-out', ['rdp.nla']],
];
for (const [outside, inside, verdict, because] of WEIGHED) {
  test(`outside ${outside}, inside ${inside}: ${verdict}`, () => {
    const judgement = weigh({}, OUT[outside], IN[inside]);
    assert.equal(judgement.verdict, verdict);
    assert.deepEqual('because' in judgement ? judgement.because : [], because);
  });
}

test('a sentence that goes on in another begins small, unless a name begins it', () => {
  assert.equal(decapitalise('The listener is off. It'), 'the listener is off. It');
  assert.equal(decapitalise('A key is lost.'), 'a key is lost.');
  assert.equal(decapitalise('TLS is off. The rest is on.'), 'TLS is off. The rest is on.');
});

test('of two open questions the one is told that somebody tried to answer, of two such both', () => {
  const missing = (evidence: Evidence): readonly string[] => {
    const judgement = weigh(evidence, OUT.open, IN.open);
    return judgement.verdict === 'inconclusive' ? judgement.missing : [];
  };
  assert.deepEqual(missing({}), ['rdp.nla']);
  assert.deepEqual(missing(OPEN_OUTSIDE), ['rdp.nla']);
  assert.deepEqual(missing({ 'listener.portNumber': unseen('corrupt') }), ['listener.portNumber']);
  const unasked: Evidence = { ...OPEN_OUTSIDE, 'listener.portNumber': unseen('not-gathered') };
  assert.deepEqual(missing(unasked), ['rdp.nla']);
  // Seen in part is tried too.
  assert.deepEqual(missing({ 'listener.portNumber': set(1) }), ['listener.portNumber']);
  const both = weigh({ ...OPEN_OUTSIDE, 'listener.portNumber': unseen('denied') }, OUT.open, IN.open);
  assert.ok(both.verdict === 'inconclusive');
  assert.deepEqual(both.missing, BOTH);
  assert.deepEqual(both.settledBy, ['HOST', '--disk']);
});

test('a remark of either side stays, that of the settings first', () => {
  const outside = { ...OUT.not, remark: 'outside' };
  const inside = { ...IN.not, remark: 'inside' };
  assert.equal(weigh({}, outside, inside).remark, 'inside');
  assert.equal(weigh({}, outside, IN.not).remark, 'outside');
  assert.ok(!('remark' in weigh({}, OUT.not, IN.not)));
});

const PROVES = { proves: ['x'], refutes: [] };
const REFUTES = { proves: [], refutes: ['x'] };
const base = event('NETLOGON', 5719, 1);
const at = (minutes: number, but: object) => ({ ...event('NETLOGON', 5719, minutes), ...but });
test('the newest word of the events counts; of two at one time the one that refutes', () => {
  const later = (...events: readonly (typeof base)[]) => weighEvents({ events, spans: [] }, 'x').later;
  assert.equal(later(), 'neither');
  assert.equal(later(at(1, { proves: [], refutes: [] })), 'neither');
  assert.equal(later(at(1, PROVES)), 'proving');
  assert.equal(later(at(1, REFUTES)), 'refuting');
  assert.equal(later(at(1, REFUTES), at(2, PROVES)), 'proving');
  assert.equal(later(at(2, REFUTES), at(1, PROVES)), 'refuting');
  assert.equal(later(at(1, REFUTES), at(1, PROVES)), 'refuting');
  assert.equal(later(at(1, PROVES), at(3, PROVES), at(2, REFUTES)), 'proving');
  const word = weighEvents({ events: [at(1, PROVES), at(3, PROVES), at(2, PROVES)], spans: [] }, 'x');
  assert.equal(word.proving?.at, at(3, {}).at);
  assert.equal(word.refuting, undefined);
  const own = weighEvents({ events: [at(1, PROVES)], spans: [] }, 'x', {
    proves: () => false,
    refutes: () => true,
  });
  assert.deepEqual([own.later, own.proving], ['refuting', undefined]);
});

test('an event by provider and id, its fields whatever their capitals', () => {
  const one = { ...base, fields: { TargetName: 'VM1' } };
  assert.ok(isEvent(one, 'netlogon', 1, 5719));
  assert.ok(!isEvent(one, 'netlogon', 1) && !isEvent(one, 'lsasrv', 5719));
  assert.equal(fieldOf(one, 'targetNAME'), 'VM1');
  assert.equal(fieldOf(one, 'target'), undefined);
  assert.ok(mentions(one, 'm1') && !mentions(one, 'vm2'));
  const told = describeEvent({ ...one, provider: 'Microsoft-Windows-X' });
  assert.ok(told.startsWith('X ') && told.includes(one.at) && told.includes(one.locator), told);
});

test('the machine lived at the newest end of any log', () => {
  const spans = (...ends: readonly (string | undefined)[]) =>
    lastAlive({
      events: [],
      spans: ends.map((newest) => ({ channel: 'System', ...(newest === undefined ? {} : { newest }) })),
    });
  assert.equal(spans(), undefined);
  assert.equal(spans(undefined), undefined);
  assert.equal(spans('2026-03-01', undefined, '2026-01-01'), '2026-03-01');
});

/** Who is stopped, suspected, open, unsettled or passes, by name; the named client, else the supported ones decide. */
const byClient = (effects: Readonly<Record<string, Effect>>, named?: ClientProfile): Judgement =>
  judgeByClient<Effect>(
    { client: named, supportedClients: [MODERN, OLD] },
    ({ id }) => effects[id] ?? 'passes',
    ['rdp.nla'],
    {
      stopped: (names) => `Stops ${names}.`,
      passes: (names) => `Lets ${names} in.`,
      open: () => OUT.open,
      unsettled: {
        remark: (names) => `Doubts ${names}.`,
        open: () => cannotTell({}, 'whether', ['rdp.tls'], ['--client']),
      },
    },
  );
const M = MODERN.id;
const O = OLD.id;
const BY_CLIENT: readonly (readonly [
  Readonly<Record<string, Effect>>,
  ClientProfile | undefined,
  Judgement['verdict'],
  string | undefined,
])[] = [
  [{}, undefined, 'ruled-out', undefined],
  [{ [O]: 'stopped' }, undefined, 'likely', undefined],
  [{ [O]: 'stopped' }, OLD, 'confirmed', undefined],
  [{ [O]: 'stopped' }, MODERN, 'ruled-out', undefined],
  [{ [O]: 'suspect' }, undefined, 'likely', undefined],
  [{ [O]: 'suspect' }, OLD, 'likely', undefined],
  [{ [O]: 'open' }, undefined, 'inconclusive', undefined],
  [{ [M]: 'open', [O]: 'stopped' }, undefined, 'likely', undefined],
  [{ [M]: 'open', [O]: 'suspect' }, undefined, 'likely', undefined],
  [{ [O]: 'unsettled' }, undefined, 'ruled-out', `Doubts ${OLD.title}.`],
  [{ [O]: 'unsettled' }, OLD, 'inconclusive', `Doubts ${OLD.title}.`],
  [
    { [M]: 'unsettled', [O]: 'unsettled' },
    undefined,
    'inconclusive',
    `Doubts ${MODERN.title} and ${OLD.title}.`,
  ],
  [{ [M]: 'unsettled', [O]: 'stopped' }, undefined, 'likely', `Doubts ${MODERN.title}.`],
  [{ [M]: 'unsettled', [O]: 'suspect' }, undefined, 'likely', `Doubts ${MODERN.title}.`],
  [{ [M]: 'unsettled', [O]: 'open' }, undefined, 'inconclusive', `Doubts ${MODERN.title}.`],
];
for (const [effects, named, verdict, remark] of BY_CLIENT) {
  test(`by client: ${JSON.stringify(effects)}, ${named?.id ?? 'nobody named'}: ${verdict}`, () => {
    const judgement = byClient(effects, named);
    assert.equal(judgement.verdict, verdict);
    assert.equal(judgement.remark, remark);
    const suspicion = judgement.verdict === 'likely' && judgement.suspicion === true;
    const isSuspect = Object.values(effects).includes('suspect');
    assert.equal(suspicion, isSuspect, 'a suspicion says that it is one');
  });
}

test('by client: who passes is named, everybody at once or one by one', () => {
  assert.equal(byClient({}).explanation, 'Lets every supported client in.');
  assert.equal(byClient({}, MODERN).explanation, `Lets ${MODERN.title} in.`);
  assert.equal(byClient({ [O]: 'unsettled' }).explanation, `Lets ${MODERN.title} in.`);
  assert.equal(
    byClient({ [M]: 'stopped', [O]: 'stopped' }).explanation,
    `Stops ${MODERN.title} and ${OLD.title}.`,
  );
  assert.equal(byClient({ [M]: 'open' }).explanation, OUT.open.explanation);
  assert.deepEqual(byClient({ [M]: 'unsettled' }, client(MODERN.title)).verdict, 'inconclusive');
});

test('a remedy is named by an id', () => {
  for (const { id, remedies } of CAUSES) {
    for (const remedy of remedies) assert.match(remedy, /^[a-z0-9]+(-[a-z0-9]+)*$/, `${id}: ${remedy}`);
  }
});
