/** What we use of lean-qr; its own declarations speak of Node and of frameworks as well. */
declare module "lean-qr/index.mjs" {
  type Color = [red: number, green: number, blue: number];

  interface Code {
    /** Modules on a side, without the quiet zone. */
    readonly size: number;
    /** One pixel a module, and `pad` modules of `off` on each side. */
    toCanvas(canvas: HTMLCanvasElement, how: { on: Color; off: Color; pad: number }): void;
  }

  /** Throws where a text is too long for any code. */
  export function generate(text: string): Code;
}
