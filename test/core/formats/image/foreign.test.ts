// Images that are not read are named, with what makes one that is out of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openImage } from '../../../../src/core/formats/image/index.ts';
import { bottom, walkBytes } from '../../../../src/core/formats/walker.ts';
import { temporaryFolder } from '../../../peers/processes.ts';
import { requirePeer } from '../../../peers/require-peer.ts';

function open(bytes: Uint8Array) {
  return walkBytes(openImage(bottom(bytes.length)), bytes);
}

function checkNamed(bytes: Uint8Array, problem: RegExp, advice: RegExp): void {
  const opened = open(bytes);
  assert.ok(!opened.ok, 'it was taken for a disk');
  assert.match(opened.problem, problem);
  assert.match(opened.advice ?? '', advice);
}

function starting(text: string, at = 0): Uint8Array {
  const bytes = new Uint8Array(4096);
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
  return bytes;
}

const rows: readonly (readonly [name: string, bytes: Uint8Array, problem: RegExp, advice: RegExp])[] = [
  ['qcow2', starting('QFI\xfb\0\0\0\x03'), /a qcow2 image/, /qemu-img convert -f qcow2 -O raw/],
  ['qcow', starting('QFI\xfb\0\0\0\x01'), /a qcow image/, /qemu-img convert -f qcow -O raw/],
  ['VMDK', starting('KDMV'), /a VMDK image/, /qemu-img convert -f vmdk -O raw/],
  ['VMDK of ESX', starting('COWD'), /a VMDK image/, /-f vmdk/],
  ['VMDK descriptor', starting('# Disk DescriptorFile\n'), /a VMDK descriptor/, /must be in the same folder/],
  ['VDI', starting('\x7f\x10\xda\xbe', 64), /a VDI image/, /-f vdi -O raw/],
  ['E01', starting('EVF\x09\x0d\x0a\xff\0'), /an E01/, /ewfexport -f raw/],
  ['Ex01', starting('EVF2\x0d\x0a\x81\0'), /an Ex01/, /ewfexport -f raw/],
  ['AFF4', starting('PK\x03\x04……container.descriptionaff4://0a1b'), /an AFF4 image/, /aff4imager --export/],
];
for (const [name, bytes, problem, advice] of rows) {
  test(name, () => checkNamed(bytes, problem, advice));
}

test('AFF4 by the comment of its archive', () => {
  const bytes = starting('PK\x03\x04');
  bytes.set(new TextEncoder().encode('aff4://0a1b'), bytes.length - 11);
  checkNamed(bytes, /an AFF4 image/, /export/);
});

test('what only resembles one is a raw disk still', () => {
  for (const bytes of [
    starting('PK\x03\x04'),
    starting('QFI '),
    starting('\x7f\x10\xda\xbe', 60),
    new Uint8Array(3),
  ]) {
    const opened = open(bytes);
    assert.equal(opened.ok && opened.image.container, 'raw');
  }
});

test('what qemu-img makes', (t) => {
  if (!requirePeer(t, 'qemu-img')) return;
  const folder = temporaryFolder(t, 'foreign');
  for (const format of ['qcow2', 'vmdk', 'vdi', 'qcow']) {
    const path = join(folder, format);
    execFileSync('qemu-img', ['create', '-q', '-f', format, path, '1M']);
    checkNamed(readFileSync(path), new RegExp(`a ${format} image`, 'i'), new RegExp(`-f ${format} `));
  }
});
