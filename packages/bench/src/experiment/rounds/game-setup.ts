import {
  actionCountOf,
  checkLaw,
  type GameLanguage,
  type GameParams,
  game,
  gameParamsSchema,
  present,
} from '@commonweal/protocol'
import {
  baseMatrix,
  EFFORT_NAMES,
  type ScaledGame,
  splitEffort,
} from '../../games/hidden-effort.ts'
import { type ConditionFault, describeRefusal } from '../condition-fault.ts'
import type { Condition } from '../experiment.ts'
import { type BaseName, type BasePayoffs, findBase, type GameScenario } from '../scenario.ts'

/** The parameters of the subnet, and how many of its whole-number payoffs are one of the file. */
export function gameParamsOf(
  { game: form, rounds, matching }: GameScenario,
  language: Condition['language'],
): ScaledGame {
  const options = { rounds, language: languageOf(language) }
  switch (form.form) {
    case 'effort':
    case 'base': {
      const split = form.form === 'effort' ? splitEffort : baseMatrix
      const { params, scale } = split(payoffsOf(form.base), options)
      return { params: withMatching(params, matching), scale }
    }
    case 'matrix':
      return { params: parse({ ...options, game: { ...form, matching } }), scale: 1 }
    case 'hidden-state':
      return { params: parse({ ...options, game: form }), scale: 1 }
  }
}

/** What of a condition does not fit a game. */
export function checkGame(condition: Condition): ConditionFault | null {
  const { scenario, language } = condition
  if (scenario.kind !== 'game') return null
  if (language === 'stock-cap') {
    const sentence = 'language: stock-cap; accepted in a game: full, base-actions, own-action'
    return { path: ['language'], sentence }
  }
  if (scenario.game.form === 'matrix') {
    const { column } = scenario.game
    if (column !== null && scenario.matching === 'beacon') {
      const sentence = 'scenario.matching: beacon needs a symmetric game; accepted: fixed'
      return { path: ['scenario', 'matching'], sentence }
    }
  }
  const made = gameParamsSchema.safeParse(rawParams(scenario))
  if (!made.success) {
    const sentence = `scenario.game: ${made.error.issues[0]?.message ?? 'no game'}`
    return { path: ['scenario', 'game'], sentence }
  }
  const { params } = gameParamsOf(scenario, language)
  return checkActions(condition, params) ?? checkGameLaw(condition, params)
}

/** `always:CH` is good where the game has such an action. */
function checkActions(
  { population, adversaries }: Condition,
  params: GameParams,
): ConditionFault | null {
  const names = [
    ...population.map(({ policy }, index) => ({ policy, path: ['population', index, 'policy'] })),
    ...adversaries.map(({ kind }, index) => ({
      policy: kind,
      path: ['adversaries', index, 'kind'],
    })),
  ]
  const actionCount = actionCountOf(params)
  const named = actionCount === EFFORT_NAMES.length ? [...EFFORT_NAMES, 'C', 'D'] : ['C', 'D']
  for (const { policy, path } of names) {
    const [, action] = /^always:(.*)$/.exec(policy) ?? []
    const isAction = action === undefined || named.includes(action) || Number(action) < actionCount
    if (isAction) continue
    const accepted = `always:0 to always:${actionCount - 1}, or always: with ${named.join(', ')}`
    return { path, sentence: `${path.join('.')}: «${policy}»; accepted: ${accepted}` }
  }
  return null
}

function checkGameLaw({ law, population }: Condition, params: GameParams): ConditionFault | null {
  if (law === null) return null
  const path = ['law']
  if (typeof law === 'string') {
    return {
      path,
      sentence: "law: accepted in a game: {clauses: […]}, or null for the agents' own",
    }
  }
  const seatCount = population.reduce((sum, { count }) => sum + count, 0)
  const checked = checkLaw(law, game.language(params, seatCount))
  return checked.ok ? null : { path, sentence: `law: it ${describeRefusal(checked.error)}` }
}

function rawParams({ game: form, rounds, matching }: GameScenario): object {
  if (form.form === 'hidden-state') return { rounds, game: form }
  if (form.form === 'matrix') return { rounds, game: { ...form, matching } }
  return {
    rounds,
    game: {
      form: 'matrix',
      row: [
        [0, 0],
        [0, 0],
      ],
    },
  }
}

function parse(params: object): GameParams {
  return gameParamsSchema.parse({ ...params, unitMicro: UNIT_MICRO })
}

/** A payoff of 1 is worth a token, as in every game that is made from payoffs. */
const UNIT_MICRO = 1_000_000

function withMatching(params: GameParams, matching: GameScenario['matching']): GameParams {
  return params.game.form === 'matrix' ? { ...params, game: { ...params.game, matching } } : params
}

function payoffsOf(base: BaseName | BasePayoffs): Parameters<typeof splitEffort>[0] {
  const payoffs = typeof base === 'string' ? findBase(base) : base
  const { R, S, T, P } = present(payoffs, 'a file that was read names games that there are')
  return { family: 'prisoners-dilemma', R, S, T, P }
}

function languageOf(language: Condition['language']): GameLanguage {
  return language === 'stock-cap' ? 'full' : language
}
