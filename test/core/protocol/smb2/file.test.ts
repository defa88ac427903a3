// Reading parts of a file over a share, as for the version of a program on ADMIN$.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dialog } from '../../../../src/core/protocol/dialog.ts';
import type { SmbFailure } from '../../../../src/core/protocol/smb2/failure.ts';
import {
  type FileRange,
  openFile,
  type ReadAnswer,
  type SmbFile,
} from '../../../../src/core/protocol/smb2/file.ts';
import { errorBody, readBody } from './fake-bodies.ts';
import type { FakeOptions } from './fake-options.ts';
import { playSmb } from './fake-smb.ts';
import { enter, OPTIONS, saying } from './refusing.ts';

const READ = 8;
const PATH = 'System32\\TSpkg.dll';
const CONTENT = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff);
const SERVER: FakeOptions = { files: { [PATH]: CONTENT } };

function* readParts(ranges: readonly FileRange[], path = PATH): Dialog<ReadAnswer> {
  const tree = yield* enter(OPTIONS);
  if (tree.kind === 'failed') return tree;
  const file = yield* openFile(tree, path);
  return file.kind === 'failed' ? file : yield* file.read(ranges);
}

function check(name: string, ranges: readonly FileRange[], reads: number) {
  test(`reads ${name}`, () => {
    const { value, sent, roundTrips } = playSmb(readParts(ranges), SERVER);
    assert.ok(value.kind === 'read');
    const expected = ranges.map(({ offset, length }) => CONTENT.subarray(offset, offset + length));
    assert.deepEqual(
      value.parts.map((part) => Array.from(part)),
      expected.map((part) => Array.from(part)),
    );
    assert.equal(sent.filter(({ what }) => what.includes('READ')).length, reads);
    assert.equal(roundTrips, 6, 'four to the share, one to open, one for all reads');
  });
}

check('one part', [{ offset: 60, length: 4 }], 1);
check(
  'several parts in one round trip',
  [
    { offset: 0, length: 64 },
    { offset: 199_000, length: 1000 },
    { offset: 128, length: 0 },
  ],
  2,
);
check('more than a message carries', [{ offset: 1000, length: 150_000 }], 3);
check('up to the end and beyond', [{ offset: 199_990, length: 100 }], 1);
check('beyond the end', [{ offset: 300_000, length: 10 }], 1);

test('what follows a piece that came short is left out: its place is not known', () => {
  let reads = 0;
  const say = saying(READ, (reply) => {
    reads += 1;
    return reads === 2 ? { ...reply, body: readBody(CONTENT.subarray(65_536, 65_546)) } : reply;
  });
  const { value } = playSmb(readParts([{ offset: 0, length: 150_000 }]), { ...SERVER, say });
  assert.ok(value.kind === 'read');
  assert.equal(value.parts[0]?.length, 65_536 + 10);
});

test('size and time come with opening', () => {
  function* open(): Dialog<SmbFile | SmbFailure> {
    const tree = yield* enter(OPTIONS);
    return tree.kind === 'failed' ? tree : yield* openFile(tree, PATH);
  }
  const { value } = playSmb(open(), SERVER);
  assert.ok(value.kind === 'file' && value.size === CONTENT.length);
});

test('closing a file', () => {
  function* openAndClose(): Dialog<string> {
    const tree = yield* enter(OPTIONS);
    if (tree.kind === 'failed') return tree.problem;
    const file = yield* openFile(tree, PATH);
    return file.kind === 'failed' ? file.problem : ((yield* file.close())?.problem ?? 'closed');
  }
  assert.equal(playSmb(openAndClose(), SERVER).value, 'closed');
});

function fails(name: string, server: FakeOptions, problem: RegExp, path = PATH) {
  test(`fails: ${name}`, () => {
    const { value } = playSmb(readParts([{ offset: 0, length: 10 }], path), server);
    assert.ok(value.kind === 'failed');
    assert.match(value.problem, problem);
  });
}

fails(
  'no such file',
  SERVER,
  /opening other\.dll on IPC\$: there is no such name \(0xc0000034\)/,
  'other.dll',
);
fails(
  'access denied in the middle',
  { ...SERVER, say: saying(READ, (reply) => ({ ...reply, status: 0xc000_0022, body: errorBody() })) },
  /reading System32\\TSpkg\.dll: access denied/,
);
fails(
  'more than was asked for',
  { ...SERVER, say: saying(READ, (reply) => ({ ...reply, body: readBody(new Uint8Array(11)) })) },
  /11 bytes of System32\\TSpkg\.dll came where 10 were asked for/,
);
fails(
  'junk',
  { ...SERVER, say: saying(READ, (reply) => ({ ...reply, body: errorBody() })) },
  /expected StructureSize 17, received 9/,
);

test('reading a whole program is a mistake of ours', () => {
  assert.throws(() => playSmb(readParts([{ offset: 0, length: 2 ** 20 + 1 }]), SERVER), RangeError);
});
