// An optional member is absent when nobody said it; it is never there and empty.

/** A member only when it has a value. */
export function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [Name in Key]?: Value } {
  // The computed key is the type's own; TypeScript widens it to any string.
  return value === undefined ? {} : ({ [key]: value } as { readonly [Name in Key]?: Value });
}
