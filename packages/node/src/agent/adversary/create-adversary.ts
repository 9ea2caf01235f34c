import type { CommonsSituation, Player } from '../agent.ts'
import type { Prosociality } from '../prosocial.ts'
import { createClosedFormPlayer } from '../utility/closed-form.ts'
import { UTILITY } from '../utility/policy.ts'
import { createColluder } from './colluder.ts'
import { createDefector } from './defector.ts'
import { createFreeRider } from './free-rider.ts'
import { createGriefer } from './griefer.ts'
import { createHoldOut } from './hold-out.ts'
import { createLowBaller } from './low-baller.ts'
import { createOverHarvester } from './over-harvester.ts'
import type { AdversaryPolicy } from './policy.ts'
import { preferenceOfTheta } from './preference.ts'
import { createSybil } from './sybil.ts'
import { createTextAdversary } from './text/text-adversary.ts'
import { createWasher } from './washer.ts'

/** An adversary in a commons. Only a colluder weighs the others by a λ of its own. */
export function createAdversary(
  policy: AdversaryPolicy,
  prosociality: Prosociality,
): Player<CommonsSituation> {
  switch (policy.name) {
    case 'hold-out':
      return createHoldOut()
    case 'free-rider':
      return createFreeRider()
    case 'over-harvester':
      return createOverHarvester()
    case 'defector':
      return createDefector()
    case 'low-baller':
      return createLowBaller()
    case 'griefer':
      return createGriefer()
    case 'authority':
    case 'social-proof':
    case 'loss-aversion':
    case 'control-claim':
    case 'injection':
    case 'strong-injection':
    case 'self-replicating-note':
      return createTextAdversary(policy.name)
    case 'colluder':
      return createColluder(policy.seats, prosociality)
    case 'sybil':
      return createSybil(policy.seats)
    case 'washer':
      return createWasher(policy.seats)
    case 'svo':
      return createClosedFormPlayer({
        policy: UTILITY,
        prosociality: preferenceOfTheta(policy.thetaDeg),
      })
  }
}
