import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFileVersion } from '../../../src/core/windows/by-registry/file-version.ts';
import { inquireCredsspFile } from '../../../src/core/windows/credssp-file.ts';
import type { Answer } from '../../../src/core/windows/inquiry.ts';
import { throughRegistry } from '../../../src/core/windows/through-registry.ts';

/** VS_FIXEDFILEINFO as verrsrc.h lays it out: signature, structure version, file version in two halves. */
function fixedFileInfo(major: number, minor: number, build: number, revision: number): Uint8Array {
  const bytes = new Uint8Array(52);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xfeef04bd, true);
  view.setUint32(4, 0x10000, true);
  view.setUint32(8, ((major << 16) | minor) >>> 0, true);
  view.setUint32(12, ((build << 16) | revision) >>> 0, true);
  return bytes;
}

test('the version stands anywhere in the file, also behind bytes that begin like it', () => {
  const file = new Uint8Array(4096).fill(0xbd);
  file.set(fixedFileInfo(10, 0, 17763, 1234), 2001);
  assert.equal(readFileVersion(file), '10.0.17763.1234');
  assert.equal(readFileVersion(fixedFileInfo(6, 1, 65535, 24117)), '6.1.65535.24117');
});

test('a file without a version, or cut off inside it, has none', () => {
  assert.equal(readFileVersion(new Uint8Array(100)), undefined);
  const info = fixedFileInfo(6, 1, 7601, 24117);
  for (let length = 0; length < 16; length += 1)
    assert.equal(readFileVersion(info.subarray(0, length)), undefined);
});

test('any bytes give a version or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const version = readFileVersion(bytes);
      assert.match(version ?? '0.0.0.0', /^\d+\.\d+\.\d+\.\d+$/);
    }),
  );
});

const context = { channel: 'disk', observedAt: '2026-11-22T00:00:00.000Z' };
function ask(answer: Answer) {
  const inquiry = throughRegistry(inquireCredsspFile(context));
  const first = inquiry.next();
  assert.deepEqual(first.done ? [] : first.value.map((question) => question.kind), ['content']);
  const last = inquiry.next([answer]);
  return last.done === true ? last.value['credssp.fileVersion'] : undefined;
}

test('seen, absent and unreadable are three answers', () => {
  const at = '\\Windows\\System32\\TSpkg.dll';
  const bytes = fixedFileInfo(10, 0, 14393, 2248);
  const seen = ask({ state: 'present', at, value: { kind: 'content', bytes } });
  assert.equal(seen?.state === 'present' && seen.value, '10.0.14393.2248');
  assert.equal(ask({ state: 'absent', at })?.state, 'absent');
  assert.equal(ask({ state: 'unknown', at, why: 'corrupt' })?.state, 'unknown');
  const none = ask({ state: 'present', at, value: { kind: 'content', bytes: new Uint8Array(9) } });
  assert.equal(none?.state, 'unknown');
});
