import { forecastAdversaries, parseWeatherRole } from '@commonweal/node/agent'
import { InvalidArgumentError } from 'commander'
import type { Seller } from './scenario.ts'

/** Most adversaries of a network that forecasts: with three models a forecaster then has eleven suppliers. */
const SELLERS_MAX = 8

/** Names of the adversaries that sell signals, for help texts. */
export const SELLER_NAMES: string = forecastAdversaries.join(', ')

/** `noise-seller,liar`: a list of adversaries; several of one kind are told apart by numbers, `noise-seller:1`. */
export function parseSellers(text: string): readonly Seller[] {
  const sellers = text.split(',').map((entry) => parseSeller(entry.trim()))
  const names = new Set(sellers.map(({ role }) => role))
  if (names.size < sellers.length) throw new InvalidArgumentError('An entry occurs twice.')
  if (sellers.length <= SELLERS_MAX) return sellers
  throw new InvalidArgumentError(`Accepted: at most ${SELLERS_MAX}.`)
}

function parseSeller(role: string): Seller {
  const [name = ''] = role.split(':')
  if (forecastAdversaries.some((known) => known === name)) {
    const parsed = parseWeatherRole(role)
    if (parsed.kind === 'adversary') return { role, name: parsed.name }
  }
  throw new InvalidArgumentError(
    `«${role}» sells nothing. Accepted: ${SELLER_NAMES}, perhaps with a number: noise-seller:2.`,
  )
}
