import type { ConfigFile } from '@commonweal/node/local'
import type { NodeApi } from '../node-api.ts'
import type { StatusView } from '../node-view.ts'
import type { ShownEvent } from '../result/chain-record.ts'
import type { Step } from './joining.ts'
import type { NewcomerAccount } from './newcomer-account.ts'

/** What a newcomer does in the network that it joins, once it has tokens and a bond. */
export interface JoinPart {
  /** What its node's config says of its agent. */
  readonly agent: NonNullable<ConfigFile['agent']>
  /** What it must have set aside for this, beside the bond of everybody who speaks. */
  readonly neededMicro: bigint
  /** From an account with tokens to having taken part once. Errors  CommandError */
  takePart(hand: JoinHand): Promise<void>
  /** One line on where the network stands; undefined while that is not known. */
  statusLine(status: StatusView): string | undefined
  /** One line on an event; undefined where there is nothing to say. */
  progressLine(event: ShownEvent): string | undefined
  /** Gives back what it took, as far as the network takes it. */
  withdraw(account: NewcomerAccount): Promise<void>
}

/** What a part may do with the node that is joining. */
export interface JoinHand {
  readonly agent: string
  readonly api: NodeApi
  readonly account: NewcomerAccount
  /** The events of the ledger since the node runs. */
  events(): readonly ShownEvent[]
  begin(step: Step): void
  done(step: Step, what: string): void
  /** The line that is redrawn. */
  status(text: string): void
  /** Errors  CommandError with the code of a refusal */
  send(body: object): Promise<void>
  /** Waits until it is so. Errors  CommandError where the node ends · abort */
  until(isReached: (status: StatusView) => boolean | Promise<boolean>): Promise<StatusView>
}
