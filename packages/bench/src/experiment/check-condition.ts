import { isFaultKind, isWireKind } from '@commonweal/node/adversary'
import {
  ADVERSARY_NAMES,
  capLaw,
  isPluginPath,
  PLUGIN_FORMS,
  POLICY_FORMS,
  parsePolicy,
} from '@commonweal/node/agent'
import { checkLaw, commons, commonsParamsSchema, type Law } from '@commonweal/protocol'
import { checkFidelity, FAULT_NAMES } from './check-fidelity.ts'
import { type ConditionFault, describeRefusal } from './condition-fault.ts'
import { type Condition, type Members, SEAT_COUNT_MAX } from './experiment.ts'
import { checkModels } from './llm/check-models.ts'
import { LLM_POLICY } from './llm/llm-settings.ts'
import { checkOwnFiles } from './own/own-file.ts'
import { checkGame } from './rounds/game-setup.ts'
import { nameOf } from './seat-agent.ts'
import { countOf, seatsOf } from './seat-plan.ts'
import { checkWeatherDays } from './weather-setup.ts'

/** What no single field can tell: whether the fields fit one another and what there is to run. Null where all is well. */
export function checkCondition(condition: Condition): ConditionFault | null {
  return (
    checkSeats(condition) ??
    checkPolicies(condition) ??
    checkModels(condition) ??
    checkOwnFiles(condition) ??
    checkScenario(condition) ??
    checkFidelity(condition)
  )
}

function checkScenario(condition: Condition): ConditionFault | null {
  switch (condition.scenario.kind) {
    case 'commons':
      return checkCommons(condition)
    case 'game':
      return checkGame(condition)
    case 'forecast':
      return checkForecast(condition)
  }
}

function checkSeats({ scenario, population, adversaries }: Condition): ConditionFault | null {
  if (scenario.kind === 'forecast') return null
  const seatCount = population.reduce((sum, { count }) => sum + count, 0)
  const least = scenario.kind === 'game' ? 2 : 1
  if (seatCount < least || seatCount > SEAT_COUNT_MAX) {
    const sentence = `population: ${seatCount} seats; accepted: ${least} to ${SEAT_COUNT_MAX}`
    return { path: ['population'], sentence }
  }
  const taken = adversaries.reduce((sum, size) => sum + countOf(size, seatCount), 0)
  if (taken <= seatCount) return null
  const sentence = `adversaries: ${taken} of them; accepted: at most the ${seatCount} seats`
  return { path: ['adversaries'], sentence }
}

/** Whether there are such policies and adversaries. */
function checkPolicies(condition: Condition): ConditionFault | null {
  const { scenario, population } = condition
  if (scenario.kind === 'forecast') return null
  for (const [index, { policy }] of population.entries()) {
    if (policy === LLM_POLICY || isPluginPath(policy) || parsePolicy(policy).ok) continue
    const sentence = `population.${index}.policy: «${policy}»; accepted: ${POLICY_FORMS}, llm, ${PLUGIN_FORMS}`
    return { path: ['population', index, 'policy'], sentence }
  }
  for (const { adversary } of seatsOf(condition)) {
    if (adversary === null || parsePolicy(nameOf(adversary)).ok) continue
    if (isFaultKind(adversary.kind) || isWireKind(adversary.kind)) continue
    const index = condition.adversaries.findIndex(({ kind }) => kind === adversary.kind)
    const sentence = `adversaries.${index}.kind: «${adversary.kind}»; accepted: ${ADVERSARY_NAMES}, a policy, or ${FAULT_NAMES}`
    return { path: ['adversaries', index, 'kind'], sentence }
  }
  return null
}

function checkCommons(condition: Condition): ConditionFault | null {
  const { scenario, population, language, law } = condition
  if (scenario.kind !== 'commons') return null
  if (language !== 'full' && language !== 'stock-cap') {
    return { path: ['language'], sentence: `language: ${language}; accepted: full, stock-cap` }
  }
  const seatCount = population.reduce((sum, { count }) => sum + count, 0)
  const { values } = scenario
  if (typeof values !== 'string' && values.length !== seatCount) {
    const sentence = `scenario.values: ${values.length} values; accepted: ${seatCount}, one a seat`
    return { path: ['scenario', 'values'], sentence }
  }
  return law === null ? null : checkGivenLaw(law, language, seatCount)
}

function checkGivenLaw(
  law: string | Law,
  language: 'full' | 'stock-cap',
  seatCount: number,
): ConditionFault | null {
  const path = ['law']
  const params = commonsParamsSchema.parse({ language })
  const checked = checkLaw(
    typeof law === 'string' ? capLaw(law) : law,
    commons.language(params, seatCount),
  )
  return checked.ok
    ? null
    : {
        path,
        sentence: `law: ${typeof law === 'string' ? `«${law}»` : 'it'} ${describeRefusal(checked.error)}`,
      }
}

function checkForecast({
  scenario,
  population,
  contract,
  adversaries,
}: Condition): ConditionFault | null {
  if (scenario.kind !== 'forecast') return null
  if (contract !== 'none') {
    return { path: ['contract'], sentence: 'contract: a market has none; accepted: none' }
  }
  if (adversaries.length > 0) {
    return { path: ['adversaries'], sentence: 'adversaries: no market seats any yet; accepted: []' }
  }
  const [first] = population
  const isForecaster = ({ policy }: Members): boolean =>
    policy === 'forecaster' || isPluginPath(policy)
  if (population.length > 1 || (first !== undefined && !isForecaster(first))) {
    const sentence =
      'population: the chain seats itself; accepted: [], or one entry with policy forecaster or a file of your own, whose prosociality counts'
    return { path: ['population'], sentence }
  }
  return scenario.market === 'weather' ? checkWeatherDays(scenario) : null
}
