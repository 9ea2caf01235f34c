import type { ChatModel, ChatReply } from './chat-model.ts'
import { ModelFailure } from './model-failure.ts'
import type { UsageCounter } from './model-usage.ts'
import { type Price, usedOf } from './spending.ts'

/** Counts calls, tokens and cost, of replies that are of no use too. What a cassette answers counts as when it was recorded. */
export function counted(model: ChatModel, counter: UsageCounter, price: Price): ChatModel {
  const count = (reply: ChatReply): void => counter.reply(reply, usedOf(reply, price).costMicroUsd)
  return {
    async complete(request, call) {
      counter.call()
      try {
        const reply = await model.complete(request, call)
        count(reply)
        return reply
      } catch (error) {
        if (error instanceof ModelFailure && error.reply !== null) count(error.reply)
        throw error
      }
    },
  }
}
