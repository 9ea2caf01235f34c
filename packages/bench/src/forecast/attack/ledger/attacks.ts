import { copiedStatement } from './copied-statement.ts'
import { dividedLocks, divideLock, lockChurn, streamGames } from './dust.ts'
import { farmedQuestions, farms } from './farmed-question.ts'
import type { LedgerAttack } from './ledger-gain.ts'
import { reopenedLock, reopenings } from './reopened-lock.ts'
import { MOMENTS, type StreamSwitch, streamSwitch } from './stream-switch.ts'
import { withheldReport, withholdings } from './withheld-report.ts'

/** Attacks of one kind, which are measured in one table. */
export interface LedgerAttackGroup {
  readonly title: string
  /** In which its gains are shown. */
  readonly unit: 'tokens' | 'micro-tokens'
  readonly attacks: readonly LedgerAttack[]
}

const switches: readonly StreamSwitch[] = (['nobody', 'its own second name'] as const).flatMap(
  (to): StreamSwitch[] => [
    ...MOMENTS.map((moment) => ({ moment, to })),
    { moment: 'a block before settlement', to, rule: 'at settlement' },
  ],
)

/** Everything that is tried against whole ledgers. */
export const ledgerAttacks: readonly LedgerAttackGroup[] = [
  {
    title: 'Keep a report back',
    unit: 'tokens',
    attacks: [
      ...withholdings.map((withholding) => withheldReport(withholding)),
      ...withholdings.map((withholding) => withheldReport(withholding, 0n)),
    ],
  },
  { title: 'Change a stream', unit: 'tokens', attacks: switches.map(streamSwitch) },
  {
    title: 'Copy a statement',
    unit: 'tokens',
    attacks: (['seal of another', 'waits for others'] as const).map(copiedStatement),
  },
  { title: 'Ask oneself questions', unit: 'tokens', attacks: farms.map(farmedQuestions) },
  {
    title: 'Close a lock and open it again',
    unit: 'tokens',
    attacks: reopenings.map(reopenedLock),
  },
  {
    title: 'Dust and rounding',
    unit: 'micro-tokens',
    attacks: [...dividedLocks.map(divideLock), ...streamGames, lockChurn],
  },
]
