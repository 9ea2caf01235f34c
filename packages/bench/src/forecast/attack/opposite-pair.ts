import { type Attack, honest } from '../gain.ts'

/** Half of the stake says p, the other half 1 − p. */
export const oppositePair: Attack = {
  name: 'pair at p and 1−p',
  strategy: { nameCount: 2, report: ({ belief }) => [belief, 1 - belief] },
  against: honest,
  share: 0.1,
  coins: 3,
}
