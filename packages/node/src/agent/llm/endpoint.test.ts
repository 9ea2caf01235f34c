import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Endpoint, findEndpoint, parseModelName } from './endpoint.ts'

function find(text: string, environment: Record<string, string> = {}): Endpoint | string {
  const name = parseModelName(text)
  assert.ok(name !== null, text)
  const found = findEndpoint(name, environment)
  return 'missing' in found ? found.missing : found
}

function at(text: string, environment: Record<string, string> = {}): readonly string[] {
  const found = find(text, environment)
  return typeof found === 'string'
    ? ['missing', found]
    : [found.preset, found.model, found.baseUrl, found.apiKey]
}

const KEY = { OPENAI_API_KEY: 'sk-1' }

describe('the endpoint of a model', () => {
  it('is read from its name: a preset before the first colon, an address behind the last @', () => {
    const local = 'http://127.0.0.1:11434/v1'
    assert.deepEqual(at('ollama:qwen3:8b'), ['ollama', 'qwen3:8b', local, 'none'])
    assert.deepEqual(at('vllm:Qwen/Qwen3-8B@http://gpu:9000/v1'), [
      'vllm',
      'Qwen/Qwen3-8B',
      'http://gpu:9000/v1',
      'none',
    ])
    assert.deepEqual(at('qwen3:8b@http://127.0.0.1:11434/v1')[0], 'ollama')
    assert.deepEqual(at('@cf/meta/llama@http://gate:1/v1'), [
      'other',
      '@cf/meta/llama',
      'http://gate:1/v1',
      'none',
    ])
    for (const bad of ['', 'a b', 'ollama:', 'x@http://a b'])
      assert.equal(parseModelName(bad), null)
  })

  it('is OpenAI where there is a key, and what OPENAI_BASE_URL says where it is set', () => {
    assert.deepEqual(at('gpt-5-mini', KEY), [
      'openai',
      'gpt-5-mini',
      'https://api.openai.com/v1',
      'sk-1',
    ])
    assert.deepEqual(at('gpt-5-mini'), ['missing', 'OPENAI_API_KEY'])
    const set = { OPENAI_BASE_URL: 'http://127.0.0.1:4010/v1', ...KEY }
    assert.deepEqual(at('m', set), ['other', 'm', 'http://127.0.0.1:4010/v1', 'sk-1'])
    assert.deepEqual(at('m', { OPENAI_BASE_URL: 'http://h:1/v1' })[3], 'none')
  })

  it('gets no key that belongs to another server', () => {
    assert.equal(at('m@http://elsewhere:1/v1', KEY)[3], 'none')
    assert.equal(at('vllm:m', KEY)[3], 'none')
    assert.deepEqual(at('openrouter:a/b', KEY), ['missing', 'OPENROUTER_API_KEY'])
    assert.equal(at('openrouter:a/b', { OPENROUTER_API_KEY: 'or-1', ...KEY })[3], 'or-1')
    assert.equal(at('openai:m@http://elsewhere:1/v1', KEY)[3], 'none')
    const hosted = { OPENROUTER_API_KEY: 'or-1' }
    assert.equal(at('openrouter:a/b@http://elsewhere:1/v1', hosted)[3], 'none')
    assert.equal(at('openrouter:a/b@https://openrouter.ai/api/v1', hosted)[3], 'or-1')
    assert.equal(at('vllm:m@http://gpu:1/v1', { VLLM_API_KEY: 'own' })[3], 'own')
  })

  it('asks each server only in forms that it takes', () => {
    const formsOf = (text: string): unknown => {
      const found = find(text, { ...KEY, OPENROUTER_API_KEY: 'k' })
      return typeof found === 'string' ? found : found.forms
    }
    assert.deepEqual(formsOf('lmstudio:m'), ['schema', 'words'])
    assert.deepEqual(formsOf('gpt-5-mini'), ['strict-schema', 'schema', 'json', 'words'])
  })
})
