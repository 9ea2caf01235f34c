import { type Attack, honest } from '../gain.ts'

/** A holder of two fifths that knows more than the others, under two names instead of one. The cap is what one name can win. */
export const whale: Attack = {
  name: 'whale under two names',
  strategy: { nameCount: 2, report: ({ belief }) => [belief, belief] },
  against: honest,
  share: 0.4,
  coins: 12,
}
