/**
 * Our Trusted Types policy, the only way a URL becomes a script here.
 *
 * `new Worker(...)` and `serviceWorker.register(...)` are sinks under
 * `require-trusted-types-for 'script'`; the policy lets only scripts of our own origin through.
 * The Content-Security-Policy names it: `trusted-types svelte-trusted-html plumbline`.
 */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

function ownScript(url: string): string {
  const { origin } = globalThis.location;
  if (new URL(url, origin).origin !== origin) throw new TypeError(`Not a script of ours: ${url}`);
  return url;
}

let policy: ScriptUrlPolicy | undefined;

/**
 * A script URL of our origin, fit for `new Worker` and `register`.
 *
 * The type says string because TypeScript's DOM types know no TrustedScriptURL;
 * in browsers with Trusted Types it is one. Throws TypeError for a foreign origin.
 */
export function scriptUrl(url: string): string {
  if (!policy) {
    const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
    const rules = { createScriptURL: ownScript };
    policy = factory ? factory.createPolicy("plumbline", rules) : rules;
  }
  return policy.createScriptURL(url);
}
