// Lets go of memory at once that would otherwise wait for the collector, which does not see how much lies outside its own heap.

/** `bytes` are empty afterwards. A part of something larger is left alone. */
export function giveBack(bytes: Uint8Array | Uint32Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
