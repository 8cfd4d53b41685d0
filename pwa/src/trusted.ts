/** The page's Content-Security-Policy demands Trusted Types: this is the one policy, named `lightbox`. */

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): unknown;
  };
}

function ownScript(address: string): string {
  const url = new URL(address, location.href);
  const isOurs = url.origin === location.origin && /^\/(sw\.js|assets\/[\w.-]+\.js)$/.test(url.pathname);
  if (!isOurs) throw new TypeError("Only the app's own scripts may run.");
  return url.href;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy("lightbox", { createScriptURL: ownScript });

/** The address of one of our own scripts, as `new Worker()` and `register()` may take it; throws for any other. */
export function scriptAddress(address: string): string {
  return (policy?.createScriptURL(address) ?? ownScript(address)) as string;
}
