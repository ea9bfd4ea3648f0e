/** Before each file of the workers suite: an empty database with every migration applied, and a pool that asks less. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/**
 * The test pool wraps the prototype of its entry points in one more proxy for every object that is ever made or woken:
 * each is slower than the one before, and after some thousands the stack is full. The proxies are alike: one is enough.
 */
function wrapOnce(): void {
  const { construct } = Reflect
  const wrapped = new WeakMap<object, object>()
  Reflect.set(Reflect, 'construct', (...given: Parameters<typeof construct>) => {
    const [, , made] = given
    if (made && wrapped.has(made)) made.prototype = wrapped.get(made)
    else if (made) wrapped.set(made, made.prototype)
    return construct(...given)
  })
}

interface ModuleRunner {
  import(id: string): Promise<object>
}

/**
 * The pool looks the Worker's module up anew for every event of every object, by a question to another process. That
 * takes longer than most events do, and one that is still on its way when a file ends counts as an error.
 */
function importOnce(): void {
  const { moduleRunner }: { moduleRunner: ModuleRunner } = Reflect.get(globalThis, '__vitest_mocker__')
  const original = moduleRunner.import.bind(moduleRunner)
  const imported = new Map<string, object>()
  // What is kept is the module, not the promise of it: that belongs to whoever asked first.
  moduleRunner.import = async (id) => {
    const found = imported.get(id) ?? (await original(id))
    imported.set(id, found)
    return found
  }
}

wrapOnce()
importOnce()
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
