/** What the records of one chunk may take beyond what each may grow to anyway (see Expansion), all together. */
const SPARE_NODES = 1 << 20;
const SPARE_CHARACTERS = 1 << 23;

/** How much the records of a chunk may still grow beyond what each may anyway. */
export interface Spare {
  nodes: number;
  characters: number;
}

export function newSpare(): Spare {
  return { nodes: SPARE_NODES, characters: SPARE_CHARACTERS };
}
