import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock'

/** What a language model was asked by one of our agents. */
export interface Asked {
  /** `request`: how much to harvest · `move`: a turn of a negotiation · `law`: words to be put into clauses */
  readonly kind: string
  /** The seat that it decides for. */
  readonly seat: number
  /** The weight that it is told to play at. */
  readonly lambda: number
  readonly round: number
  readonly stock: number
  /** The last thing that it was told. */
  readonly prompt: string
  /** Times that its answer went back to it. */
  readonly repairs: number
}

export interface ModelServer extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
}

/** A model server over real HTTP, whose model answers by a script: an object, or a text that is none. */
export async function startModelServer(
  script: (asked: Asked) => object | string,
): Promise<ModelServer> {
  const asked: Asked[] = []
  const mock = new LLMock({ port: 0 })
  mock.on({}, (request) => {
    const question = read(request)
    asked.push(question)
    const said = script(question)
    return { content: typeof said === 'string' ? said : JSON.stringify(said) }
  })
  await mock.start()
  return {
    url: `${mock.url}/v1`,
    asked,
    [Symbol.asyncDispose]: () => mock.stop(),
  }
}

function read({ messages, ...rest }: ChatCompletionRequest): Asked {
  const said = messages.map(({ content }) => (typeof content === 'string' ? content : ''))
  const [system = '', prompt = ''] = said
  const number = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1] ?? -1)
  return {
    kind: /"name":"(\w+)"/.exec(JSON.stringify(rest['response_format'] ?? {}))?.[1] ?? '',
    seat: number(/You decide for seat (\d+)/, system),
    lambda: number(/\(λ = ([\d.]+)\)/, system),
    round: number(/^Round (\d+)/, prompt),
    stock: number(/There are (\d+) units/, prompt),
    prompt,
    repairs: (messages.length - 2) / 2,
  }
}
