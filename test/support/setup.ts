/** Before each file of the workers suite: an empty database with every migration applied. */
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

wrapOnce()
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
