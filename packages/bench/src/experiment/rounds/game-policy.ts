import { actionCountOf, type GameParams } from '@commonweal/protocol'
import { EFFORT_NAMES } from '../../games/hidden-effort.ts'

/**
 * How a closed-form agent plays a game.
 *
 * `utility`: the action that is most likely in its logit quantal response, of equally likely ones the first · `quantal`: one
 * drawn with those chances · `always`: one action.
 */
export type GamePolicy =
  | { readonly name: 'utility' | 'quantal'; readonly beta: number }
  | { readonly name: 'always'; readonly action: number }

export const GAME_POLICY_FORMS =
  'utility, utility(20), quantal, quantal(20), always(0), always(CH) where effort is hidden'

const BETA_DEFAULT = 20
const FORM = /^([a-z]+)(?:\(\s*([A-Za-z0-9.]+)\s*\))?$/

/** Parses "utility", "quantal(5)" for β = 5, "always(2)", "always(DH)". */
export function parseGamePolicy(text: string, params: GameParams): GamePolicy | undefined {
  const [, name, argument] = FORM.exec(text.trim()) ?? []
  if (name === 'utility' || name === 'quantal') {
    const beta = argument === undefined ? BETA_DEFAULT : Number(argument)
    return beta > 0 && Number.isFinite(beta) ? { name, beta } : undefined
  }
  if (name !== 'always' || argument === undefined) return undefined
  const isEffort = params.game.form === 'matrix' && params.game.row.length === EFFORT_NAMES.length
  const named = isEffort ? EFFORT_NAMES.indexOf(argument) : -1
  const action = named === -1 ? Number(argument) : named
  const isAction = Number.isInteger(action) && action >= 0 && action < actionCountOf(params)
  return isAction ? { name, action } : undefined
}
