import { type Attack, honest } from '../gain.ts'

/**
 * Says what the others said, as soon as it can be seen, and one half before. With a lag of 0 reports are shown as they come;
 * with as many snapshots as a question has they stay sealed to its end, which is the rule.
 */
export function copier(lagSnapshots: number): Attack {
  return {
    name: `copier, reports shown ${lagSnapshots} snapshots late`,
    strategy: { nameCount: 1, report: ({ poolAfter }) => [poolAfter(lagSnapshots) ?? 0.5] },
    against: honest,
    share: 0.1,
    coins: 3,
  }
}
