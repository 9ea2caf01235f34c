/** A market on a ledger, and who has what in it: the one that attacks are measured in. */
export {
  createMarket,
  outcomeIs,
  paidTo,
  settle,
  weightOf,
  worthOf,
} from '@commonweal/bench/attacks'
