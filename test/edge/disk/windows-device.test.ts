// Devices of Windows: which paths they have, and how large they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWindowsDevice, sizeByReading } from '../../../src/edge/disk/windows-device.ts';

const paths: readonly (readonly [path: string, is: boolean])[] = [
  ['\\\\.\\PhysicalDrive0', true],
  ['\\\\.\\physicaldrive12', true],
  ['//./PhysicalDrive0', true],
  ['\\\\.\\D:', true],
  ['\\\\?\\Volume{0b5b4b6c-0000-0000-0000-100000000000}', true],
  ['\\\\.\\HarddiskVolume3', true],
  ['\\\\.\\D:\\os.vhd', false],
  ['\\\\?\\UNC\\server\\share\\os.vhd', false],
  ['\\\\server\\share\\os.vhd', false],
  ['\\\\.\\pipe\\PhysicalDrive0', false],
  ['D:', false],
  ['D:\\PhysicalDrive0', false],
];
for (const [path, is] of paths) {
  test(`${path} is ${is ? 'a device' : 'none'} on Windows, and none elsewhere`, () => {
    assert.equal(isWindowsDevice(path, 'win32'), is);
    assert.equal(isWindowsDevice(path, 'linux'), false);
  });
}

for (const size of [0, 4096, 8192, 12_288, 40_960, 2 ** 30, 127 * 2 ** 30 + 4096]) {
  test(`a device of ${size} bytes: found by reading, in few reads`, async () => {
    let reads = 0;
    const found = await sizeByReading({
      read: ((_: unknown, __: number, length: number, offset: number) => {
        reads += 1;
        // Windows refuses to read a device behind its end.
        return offset >= size
          ? Promise.reject(new Error('EINVAL'))
          : Promise.resolve({ bytesRead: Math.min(length, size - offset) });
      }) as never,
    });
    assert.equal(found, size);
    assert.ok(reads < 110, `${reads} reads`);
  });
}
