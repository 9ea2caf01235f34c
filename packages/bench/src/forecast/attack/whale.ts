import { type Attack, honest } from '../gain.ts'

/** A holder of more than one name may win, under several names instead of one. The cap is on names. */
export function whale(share: number, nameCount: number, coins: number): Attack {
  const knows = coins > 3 ? 'knows more' : 'knows as much'
  return {
    name: `whale of ${Math.round(100 * share)} %, ${knows}, ${nameCount} names`,
    strategy: { nameCount, report: ({ belief }) => Array<number>(nameCount).fill(belief) },
    against: honest,
    share,
    coins,
  }
}
