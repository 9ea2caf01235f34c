import { coalition } from './attack/coalition.ts'
import { copier } from './attack/copier.ts'
import { exitAndReopen } from './attack/exit-and-reopen.ts'
import { extremiser } from './attack/extremiser.ts'
import { freeRider } from './attack/free-rider.ts'
import { narrowPair, oppositePair } from './attack/opposite-pair.ts'
import { questionFarmer } from './attack/question-farmer.ts'
import { sybils } from './attack/sybils.ts'
import { whale } from './attack/whale.ts'
import { type Attack, OTHER_COINS, SNAPSHOT_COUNT } from './gain.ts'

const LAGS = Array.from({ length: SNAPSHOT_COUNT + 1 }, (_, lagSnapshots) => lagSnapshots)

/** Everything that can be tried against the score alone, some of it against weaker rules, to show what the rules are for. */
export const scoreAttacks: readonly Attack[] = [
  ...LAGS.map((lagSnapshots) => copier(lagSnapshots, OTHER_COINS)),
  ...LAGS.map((lagSnapshots) => copier(lagSnapshots, 0)),
  freeRider,
  oppositePair,
  narrowPair,
  ...[0.5, 1.25, 2, 4].map(extremiser),
  ...[2, 5, 20].map(sybils),
  whale(0.25, 2, 12),
  whale(0.4, 2, 12),
  whale(0.4, 4, 12),
  whale(0.4, 4, OTHER_COINS),
  whale(0.6, 8, 12),
  ...(['mean', 'what all know'] as const).map(coalition),
  exitAndReopen(true, 1),
  ...[1, 0.8, 0.6].map((below) => exitAndReopen(false, below)),
  questionFarmer(true),
  questionFarmer(false),
]
