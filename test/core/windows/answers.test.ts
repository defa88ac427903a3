// How one answer is taken apart: each kind of registry data for each kind of question, and the layers of a setting.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  askAll,
  observe,
  type Sought,
  seekBytes,
  seekDecimal,
  seekIn,
  seekNames,
  seekNumber,
  seekNumberOrDecimal,
  seekText,
  seekTexts,
  seekValues,
  settle,
} from '../../../src/core/windows/answers.ts';
import type { Answer, AnswerValue, RegistryValue } from '../../../src/core/windows/inquiry.ts';
import { CONTEXT } from './fake-machine.ts';

const AT = 'SYSTEM\\Key!Value';
const holding = (value: AnswerValue): Answer => ({ state: 'present', at: AT, value });
const data = (value: RegistryValue['data'], type = 3): Answer =>
  holding({ kind: 'value', value: { name: 'Value', type, data: value } });
const bytes = (...of: readonly number[]) => Uint8Array.from(of);

const NAMES = holding({ kind: 'names', names: ['a', 'b'] });
const VALUES = holding({ kind: 'values', values: [] });
const FILE = holding({ kind: 'content', bytes: bytes(1) });
const OTHERS: readonly Answer[] = [NAMES, VALUES, FILE];

/** The value, or `corrupt` for data of another shape than Windows would take. */
function brief(sought: Sought<unknown>): unknown {
  if (sought.state === 'present') {
    assert.equal(sought.at, AT);
    return sought.value;
  }
  return sought.state === 'unknown' ? sought.why : sought.state;
}

const SEEKS = { seekNumber, seekDecimal, seekNumberOrDecimal, seekText, seekTexts, seekBytes } as const;

// REG_DWORD and REG_QWORD are little-endian; the LSA writes four bytes without a type. A REG_SZ is never a number,
// but for the values that Winlogon keeps as text. 4294967295 is the longest decimal, ten digits.
const ROWS: readonly (readonly [
  what: string,
  answer: Answer,
  is: { readonly [K in keyof typeof SEEKS]?: unknown },
])[] = [
  ['a DWORD', data(0x8000_0001, 4), { seekNumber: 0x8000_0001, seekNumberOrDecimal: 0x8000_0001 }],
  ['zero', data(0, 4), { seekNumber: 0, seekNumberOrDecimal: 0 }],
  ['a QWORD', data(5n, 11), { seekNumber: 5, seekNumberOrDecimal: 5 }],
  [
    'four bytes',
    data(bytes(1, 0, 0, 0x80)),
    { seekNumber: 0x8000_0001, seekNumberOrDecimal: 0x8000_0001, seekBytes: bytes(1, 0, 0, 0x80) },
  ],
  ['three bytes', data(bytes(1, 0, 0)), { seekBytes: bytes(1, 0, 0) }],
  ['five bytes', data(bytes(1, 0, 0, 0, 0)), { seekBytes: bytes(1, 0, 0, 0, 0) }],
  ['no bytes', data(bytes()), { seekBytes: bytes() }],
  [
    'digits in a text',
    data('10', 1),
    { seekDecimal: 10, seekNumberOrDecimal: 10, seekText: '10', seekTexts: ['10'] },
  ],
  [
    'ten digits',
    data('4294967295', 1),
    {
      seekDecimal: 4294967295,
      seekNumberOrDecimal: 4294967295,
      seekText: '4294967295',
      seekTexts: ['4294967295'],
    },
  ],
  ['eleven digits', data('42949672950', 1), { seekText: '42949672950', seekTexts: ['42949672950'] }],
  ['digits before a letter', data('1x', 1), { seekText: '1x', seekTexts: ['1x'] }],
  ['digits behind a letter', data('x1', 1), { seekText: 'x1', seekTexts: ['x1'] }],
  ['an empty text', data('', 1), { seekText: '', seekTexts: [] }],
  ['a list in one text', data(' a, b  c,,', 1), { seekText: ' a, b  c,,', seekTexts: ['a', 'b', 'c'] }],
  ['a list', data(['a ', '', ' b'], 7), { seekTexts: ['a', 'b'] }],
  ['an empty list', data([], 7), { seekTexts: [] }],
];

for (const [what, answer, is] of ROWS) {
  test(`${what} as each kind`, () => {
    for (const [name, seek] of Object.entries(SEEKS)) {
      const expected = is[name as keyof typeof SEEKS];
      assert.deepEqual(brief(seek(answer)), expected === undefined ? 'corrupt' : expected, name);
    }
  });
}

test('an answer to another question is corrupt, never absent or a default', () => {
  for (const answer of OTHERS)
    for (const seek of Object.values(SEEKS)) assert.equal(brief(seek(answer)), 'corrupt');
  for (const answer of [data(1), VALUES, FILE]) assert.equal(brief(seekNames(answer)), 'corrupt');
  for (const answer of [data(1), NAMES, FILE]) assert.equal(brief(seekValues(answer)), 'corrupt');
  assert.deepEqual(brief(seekNames(NAMES)), ['a', 'b']);
  assert.deepEqual(brief(seekValues(VALUES)), { kind: 'values', values: [] });
});

test('absent and unknown stay what they are, with the reason and the place', () => {
  for (const seek of [...Object.values(SEEKS), seekNames, seekValues]) {
    assert.deepEqual(seek({ state: 'absent', at: AT }), { state: 'absent', at: AT });
    assert.deepEqual(seek({ state: 'unknown', at: AT, why: 'denied', detail: 'no right' }), {
      state: 'unknown',
      why: 'denied',
      detail: 'no right',
    });
    assert.deepEqual(seek({ state: 'unknown', at: AT, why: 'timeout' }), {
      state: 'unknown',
      why: 'timeout',
    });
  }
});

describe('one value out of a key that was read whole', () => {
  const KEY = 'SYSTEM\\Key';
  const key = (
    incomplete?: string,
  ): Sought<Parameters<typeof seekIn>[0] extends Sought<infer T> ? T : never> => ({
    state: 'present',
    at: KEY,
    value: {
      values: [
        { name: 'Start', type: 4, data: 2 },
        { name: 'Type', type: 1, data: 'x' },
      ],
      ...(incomplete === undefined ? {} : { incomplete }),
    },
  });
  const number = ({ data: value }: RegistryValue) => (typeof value === 'number' ? value : undefined);
  const rows: readonly (readonly [title: string, from: ReturnType<typeof key>, name: string, is: unknown])[] =
    [
      ['whatever the capitals', key(), 'START', { state: 'present', value: 2, at: `${KEY}!START` }],
      ['not there', key(), 'Other', { state: 'absent', at: `${KEY}!Other` }],
      [
        'not among what could be read',
        key('cut off'),
        'Other',
        { state: 'unknown', why: 'corrupt', detail: `${KEY}: cut off` },
      ],
      [
        'among what could be read',
        key('cut off'),
        'Start',
        { state: 'present', value: 2, at: `${KEY}!Start` },
      ],
      ['no key', { state: 'absent', at: KEY }, 'Start', { state: 'absent', at: KEY }],
      ['no access', { state: 'unknown', why: 'denied' }, 'Start', { state: 'unknown', why: 'denied' }],
    ];
  for (const [title, from, name, is] of rows)
    test(title, () => assert.deepEqual(seekIn(from, name, number, 'a number'), is));
  test('of another type', () => {
    const sought = seekIn(key(), 'type', number, 'a number');
    assert.equal(brief(sought), 'corrupt');
    assert.ok(sought.state === 'unknown' && sought.detail?.startsWith(`${KEY}!type`));
  });
});

describe('which layer decides', () => {
  const own = (value: number): Sought<number> => ({ state: 'present', value, at: 'own' });
  const policy = (value: number): Sought<number> => ({ state: 'present', value, at: 'policy' });
  const none = (at: string): Sought<number> => ({ state: 'absent', at });
  const blind = (detail: string): Sought<number> => ({ state: 'unknown', why: 'denied', detail });
  const look = (layers: Parameters<typeof settle<number>>[2]): unknown => {
    const observed = settle(CONTEXT, 'test', layers);
    if (observed.state === 'unknown') return observed.why;
    assert.deepEqual(observed.from, { gatherer: 'test', locator: observed.value.where, ...CONTEXT });
    return observed.value;
  };
  const rows: readonly (readonly [
    title: string,
    layers: Parameters<typeof settle<number>>[2],
    is: unknown,
  ])[] = [
    [
      'a policy over all',
      { policy: policy(0), machine: own(1), default: 2 },
      { effective: 0, setBy: 'policy', policy: 0, machine: 1, default: 2, where: 'policy' },
    ],
    [
      'a policy over what nobody knows',
      { policy: policy(0), machine: blind('own'), default: undefined },
      { effective: 0, setBy: 'policy', policy: 0, where: 'policy' },
    ],
    ['a policy that cannot be read', { policy: blind('policy'), machine: own(1), default: 2 }, 'denied'],
    [
      'the machine where there is no policy',
      { policy: none('policy'), machine: own(0), default: 2 },
      { effective: 0, setBy: 'machine', machine: 0, default: 2, where: 'own' },
    ],
    [
      'the machine where no policy exists for it',
      { machine: own(0), default: undefined },
      { effective: 0, setBy: 'machine', machine: 0, where: 'own' },
    ],
    [
      'a machine that cannot be read',
      { policy: none('policy'), machine: blind('own'), default: 2 },
      'denied',
    ],
    [
      'the default',
      { policy: none('policy'), machine: none('own'), default: 0 },
      { effective: 0, setBy: 'default', default: 0, where: 'own' },
    ],
    ['no default', { machine: none('own'), default: undefined }, 'corrupt'],
  ];
  for (const [title, layers, is] of rows) test(title, () => assert.deepEqual(look(layers), is));
});

test('an observation says who looked, where and when', () => {
  const from = { gatherer: 'test', locator: AT, ...CONTEXT };
  assert.deepEqual(observe(CONTEXT, 'test', { state: 'present', value: 1, at: AT }), {
    state: 'present',
    value: 1,
    from,
  });
  assert.deepEqual(observe(CONTEXT, 'test', { state: 'absent', at: AT }), { state: 'absent', from });
  assert.deepEqual(observe(CONTEXT, 'test', { state: 'unknown', why: 'denied', detail: 'no' }), {
    state: 'unknown',
    why: 'denied',
    detail: 'no',
  });
});

test('answers come back under the names of their questions, and one that is missing is unknown', () => {
  const question = (name: string) => ({ kind: 'value', hive: 'SYSTEM', key: 'Key', name }) as const;
  const inquiry = askAll({ one: question('1'), two: question('2') });
  const asked = inquiry.next();
  assert.deepEqual(asked.value, [question('1'), question('2')]);
  const { value } = inquiry.next([data(1, 4)]);
  assert.ok('one' in value);
  assert.deepEqual(value.one, data(1, 4));
  assert.ok(value.two.state === 'unknown' && value.two.why === 'no-channel');
});
