import type { Agent } from './agent.ts'

/** Plays as one agent, and from a round on as another. */
export function turnAt(fromRound: number, before: Agent, after: Agent): Agent {
  const at = (round: number): Agent => (round < fromRound ? before : after)
  return {
    name: `${before.name}, from round ${fromRound} ${after.name}`,
    negotiate: (situation) => at(situation.state.round).negotiate(situation),
    act: (situation) => at(situation.state.round).act(situation),
  }
}
