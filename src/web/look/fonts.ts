// Names the type faces that pages load from this server, so that no reader's browser ever asks a stranger for a font.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const sans = (name: string) => require.resolve(`@fontsource-variable/public-sans/files/public-sans-${name}.woff2`);
const serif = (name: string) => require.resolve(`@fontsource/source-serif-4/files/source-serif-4-${name}.woff2`);

/**
 * Path on this server → absolute path of the file in the installed packages. All are `font/woff2`.
 * The stylesheet's `@font-face` rules name exactly these paths (a test holds them together).
 */
export const fontFiles: ReadonlyMap<string, string> = new Map([
  ["/look/fonts/public-sans-latin.woff2", sans("latin-wght-normal")],
  ["/look/fonts/public-sans-latin-italic.woff2", sans("latin-wght-italic")],
  ["/look/fonts/public-sans-latin-ext.woff2", sans("latin-ext-wght-normal")],
  ["/look/fonts/source-serif-4-latin-400.woff2", serif("latin-400-normal")],
  ["/look/fonts/source-serif-4-latin-400-italic.woff2", serif("latin-400-italic")],
  ["/look/fonts/source-serif-4-latin-600.woff2", serif("latin-600-normal")],
  ["/look/fonts/source-serif-4-latin-ext-400.woff2", serif("latin-ext-400-normal")],
  ["/look/fonts/source-serif-4-latin-ext-600.woff2", serif("latin-ext-600-normal")],
]);
