import { commons } from './commons/commons.ts'
import { game } from './game/game.ts'
import type { Subnet } from './subnet.ts'

/** A subnet whose params and states are opaque: each comes back only to the subnet that made it. */
export type AnySubnet = Subnet<unknown, unknown, unknown, unknown>

function erase<P, S, O, R>(subnet: Subnet<P, S, O, R>): AnySubnet {
  return subnet as unknown as AnySubnet
}

/** The built-in subnets by kind. A new one is one file and one line here. [SUB-1] */
export const builtInSubnets: ReadonlyMap<string, AnySubnet> = new Map([
  [commons.kind, erase(commons)],
  [game.kind, erase(game)],
])
