// node bench/twenty-values.mjs HIVE LIST.json: the values of the list (path, name) out of a hive, as fast as the
// library reads them.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { bottom, decodeValue, lookUp, openHive } from 'rdpdoctor/regf';

const requests = JSON.parse(readFileSync(process.argv[3] ?? '', 'utf8'));
const file = openSync(process.argv[2] ?? '', 'r');
const walk = (walker) => {
  let step = walker.next();
  while (!step.done) {
    step = walker.next(
      step.value.map(({ offset, length }) => {
        const bytes = new Uint8Array(length);
        return { ok: true, bytes: bytes.subarray(0, readSync(file, bytes, 0, length, offset)) };
      }),
    );
  }
  return step.value;
};
const opened = walk(openHive(bottom(fstatSync(file).size)));
if (opened.ok) {
  const { answers } = walk(lookUp(opened.hive, requests));
  for (const [index, answer] of answers.entries()) {
    console.log(requests[index].name, answer.kind === 'value' ? decodeValue(answer.value) : answer.kind);
  }
}
closeSync(file);
