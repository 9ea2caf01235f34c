import type { StreamShares } from '@commonweal/protocol'
import type { Forecaster } from '../forecast/forecaster.ts'
import {
  createGuardedForecaster,
  type GuardedForecasting,
} from '../llm/forecast/model-forecaster.ts'
import type { Mind } from '../llm/mind.ts'
import type { OrPolicy } from './or-policy.ts'

/**
 * A forecaster that an assistant decides for: what it reports, and whom it pays. Where it does not answer, the policy, which
 * learns from the same questions, reports and pays in its place.
 *
 * Errors  ModelFailure, where nothing is reported, or nobody's pay is changed
 */
export function createAssistantForecaster(
  mind: Mind,
  options: GuardedForecasting,
  { policy, orPolicy }: { readonly policy: Forecaster; readonly orPolicy: OrPolicy },
): Forecaster {
  const asking = createGuardedForecaster(mind, options)
  let standIn: StreamShares | null = null
  return {
    ...asking,
    forecast: (situation) =>
      orPolicy(
        () => asking.forecast(situation),
        () => policy.forecast(situation),
      ),
    learn(settled) {
      asking.learn(settled)
      policy.learn(settled)
    },
    assignCredit: (current) =>
      orPolicy(
        async () => asking.assignCredit?.(current),
        () => {
          standIn = policy.chooseStreams()
        },
      ),
    chooseStreams() {
      const chosen = asking.chooseStreams() ?? standIn
      standIn = null
      return chosen
    },
  }
}
