/** Things by what they have in common, in the order in which they came. */
export function grouped<T>(things: readonly T[], key: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const same = groups.get(key(thing));
    if (same) same.push(thing);
    else groups.set(key(thing), [thing]);
  }
  return groups;
}
