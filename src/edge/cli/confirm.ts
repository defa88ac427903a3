import { createInterface } from 'node:readline';
import { Interrupted } from './prompt.ts';

/** Asks on the terminal, with an echo; true where the answer is the word `yes`. The question goes to stderr. */
export function confirm(question: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    let isAnswered = false;
    reader.on('SIGINT', () => reader.close());
    reader.on('close', () => {
      if (!isAnswered) reject(new Interrupted());
    });
    reader.question(question, (answer) => {
      isAnswered = true;
      reader.close();
      resolve(answer.trim().toLowerCase() === 'yes');
    });
  });
}
