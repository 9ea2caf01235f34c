import type { Clause, Terms } from '@commonweal/protocol'
import { agentOf, type LedgerWorld } from '@commonweal/protocol/testing'
import { z } from 'zod'

const rowSchema = z.object({ catches: z.array(z.int()), enforced: z.array(z.int()) })

/** What was caught in every round so far, by seat. */
export function catchesByRound(world: LedgerWorld): readonly (readonly number[])[] {
  return world.events.flatMap((event) =>
    event.kind === 'round-settled' ? [rowSchema.parse(event.row).catches] : [],
  )
}

/** What each seat has caught in all. */
export function totalCatches(world: LedgerWorld): readonly number[] {
  const rounds = catchesByRound(world)
  return world.run.seats.map((_, seat) => rounds.reduce((sum, row) => sum + (row[seat] ?? 0), 0))
}

/** Tokens that somebody owns anywhere but in an agreement's custody and in seal bonds, in micro-tokens. */
export function wealthOf(world: LedgerWorld, name: string): bigint {
  const { balanceMicro, bondMicro, unbonding } = world.account(name)
  return unbonding.reduce((sum, { amountMicro }) => sum + amountMicro, balanceMicro + bondMicro)
}

/** No seat takes more than a tenth of the stock. */
export const TENTH: Clause = {
  at: 'submission',
  when: 'true',
  then: { primitive: 'cap', limit: 'stock', over: '10' },
}

/** The fee that every transaction of a world offers. */
export const FEE_MICRO = 100_000n

/** Sends all but this much of an agent's balance to another of its names. */
export function drain(world: LedgerWorld, name: string, leftMicro: bigint): void {
  const { balanceMicro } = world.account(name)
  const amountMicro = balanceMicro - world.feeMicro - leftMicro
  world.act(name, { kind: 'transfer', to: agentOf(`${name} elsewhere`), amountMicro })
}

export function collateral(world: LedgerWorld, eachMicro: bigint): Pick<Terms, 'collateralMicro'> {
  return { collateralMicro: world.run.seats.map(() => eachMicro) }
}
