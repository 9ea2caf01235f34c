import { copier } from './attack/copier.ts'
import { exitAndReopen } from './attack/exit-and-reopen.ts'
import { extremiser } from './attack/extremiser.ts'
import { oppositePair } from './attack/opposite-pair.ts'
import { questionFarmer } from './attack/question-farmer.ts'
import { sybils } from './attack/sybils.ts'
import { whale } from './attack/whale.ts'
import { type Attack, SNAPSHOT_COUNT } from './gain.ts'

/** Everything that can be tried against the score alone, some of it against weaker rules, to show what the rules are for. */
export const scoreAttacks: readonly Attack[] = [
  ...Array.from({ length: SNAPSHOT_COUNT + 1 }, (_, lagSnapshots) => copier(lagSnapshots)),
  oppositePair,
  extremiser,
  sybils(2),
  sybils(5),
  whale,
  exitAndReopen(true),
  exitAndReopen(false),
  questionFarmer(true),
  questionFarmer(false),
]
