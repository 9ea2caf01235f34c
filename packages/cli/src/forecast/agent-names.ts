import type { AccountView } from '../node-view.ts'
import { printable } from '../question-files.ts'
import { truncate } from '../table.ts'

/** What a person calls an agent. */
export type NameOf = (agent: string) => string

/** Digits of an agent id that are enough for a person. */
const ID_LENGTH = 8
const NAME_WIDTH_MAX = 32

/**
 * Names of accounts as a terminal may show them. An account gives itself its name, so two that share one are told apart by
 * their ids.
 */
export function nameAgents(accounts: readonly Pick<AccountView, 'agent' | 'name'>[]): NameOf {
  const shown = accounts.map(({ agent, name }) => ({
    agent,
    name: truncate(printable(name), NAME_WIDTH_MAX),
  }))
  const counts = Map.groupBy(shown, ({ name }) => name)
  const names = new Map(
    shown
      .filter(({ name }) => name !== '')
      .map(({ agent, name }) => [
        agent,
        (counts.get(name)?.length ?? 0) > 1 ? `${name} (${agent.slice(0, ID_LENGTH)})` : name,
      ]),
  )
  return (agent) => names.get(agent) ?? agent.slice(0, ID_LENGTH)
}

/** Parts of a supply chain of forecasts that networks of this command name their agents after. */
export const ROLES = [
  'registrar',
  'data',
  'feature',
  'signal',
  'seller',
  'forecaster',
  'liar',
] as const
export type Role = (typeof ROLES)[number]

/** The part that an agent's name says (`signal-markov`), or else what its lock tells: who has none is only read. */
export function roleOf(name: string, hasLock: boolean): string {
  const said = ROLES.find((role) => new RegExp(`^${role}(-[a-z0-9]+)?$`).test(name))
  return said ?? (hasLock ? 'forecaster' : 'supplier')
}
