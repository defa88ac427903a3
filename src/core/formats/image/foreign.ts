import { Reader } from '../../bytes/reader.ts';
import type { Medium, Walker } from '../walker.ts';

/** An image of a kind that is not read here: what it is, and how it becomes one that is. */
export interface ForeignImage {
  readonly kind: string;
  /** A sentence. */
  readonly advice: string;
}

interface Signature extends ForeignImage {
  /** Latin-1 text that stands at `at`. */
  readonly text: string;
  readonly at: number;
}

const qemu = (format: string): string =>
  `Convert it first: qemu-img convert -f ${format} -O raw IMAGE disk.raw.`;
const EWF = 'Export it first, with libewf: ewfexport -f raw -t disk IMAGE.E01.';

/**
 * Sources: QEMU, docs/interop/qcow2.rst, "Header"; VMware "Virtual Disk Format 5.0", "Hosted Sparse
 * Extents", "ESX Server Sparse Extents" and "The Disk Descriptor File"; VirtualBox, VDICore.h
 * (VDI_IMAGE_SIGNATURE, little-endian 0xbeda107f behind 64 bytes of text); libewf, "Expert Witness
 * Compression Format", "Segment file header", and version 2 of it.
 */
const SIGNATURES: readonly Signature[] = [
  { kind: 'qcow2', at: 0, text: 'QFI\xfb', advice: qemu('qcow2') },
  { kind: 'VMDK', at: 0, text: 'KDMV', advice: qemu('vmdk') },
  { kind: 'VMDK', at: 0, text: 'COWD', advice: qemu('vmdk') },
  {
    kind: 'VMDK descriptor',
    at: 0,
    text: '# Disk DescriptorFile',
    advice: `${qemu('vmdk')} The files that it names must be in the same folder.`,
  },
  { kind: 'VDI', at: 64, text: '\x7f\x10\xda\xbe', advice: qemu('vdi') },
  { kind: 'E01 (EWF)', at: 0, text: 'EVF\x09\x0d\x0a\xff\x00', advice: EWF },
  { kind: 'Ex01 (EWF 2)', at: 0, text: 'EVF2\x0d\x0a\x81\x00', advice: EWF },
];

/** [AFF4 Standard] "Container": a ZIP file whose comment, and whose first entry, is the volume's URN. */
const ZIP = 'PK\x03\x04';
const AFF4_URN = 'aff4://';
const AFF4: ForeignImage = {
  kind: 'AFF4',
  advice: 'Export its image as raw first, for example with aff4imager --export.',
};

const ENDS = 512;

/** What kind of image that is not read here a file is; `undefined` for anything else. One round. */
export function* recogniseForeign(file: Medium): Walker<ForeignImage | undefined> {
  const [start, end] = yield* file.read([
    { offset: 0, length: ENDS },
    { offset: Math.max(0, file.size - ENDS), length: ENDS },
  ]);
  if (start?.ok !== true) return undefined;
  const head = latin1(start.bytes);
  const known = SIGNATURES.find(({ at, text }) => head.startsWith(text, at));
  if (known !== undefined) return isOldQcow(start.bytes) ? { kind: 'qcow', advice: qemu('qcow') } : known;
  if (!head.startsWith(ZIP)) return undefined;
  const isAff4 = head.includes(AFF4_URN) || (end?.ok === true && latin1(end.bytes).includes(AFF4_URN));
  return isAff4 ? AFF4 : undefined;
}

/** Version 1 has the same signature. */
function isOldQcow(bytes: Uint8Array): boolean {
  if (bytes.length < 8 || !latin1(bytes).startsWith('QFI')) return false;
  const reader = new Reader(bytes, 'qcow header');
  reader.skip(4);
  return reader.u32be() === 1;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
