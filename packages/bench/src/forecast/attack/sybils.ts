import { type Attack, honest } from '../gain.ts'

/** One stake below the cap under several names that all say what it believes. */
export function sybils(nameCount: number): Attack {
  return {
    name: `${nameCount} sybils below the cap`,
    strategy: { nameCount, report: ({ belief }) => Array<number>(nameCount).fill(belief) },
    against: honest,
    share: 0.05,
    coins: 3,
  }
}
