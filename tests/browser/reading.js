/**
 * Where characters stand: what of a text that runs from right to left is painted backwards. A word of other letters or
 * signs has its characters from left to right, and so have the words on both sides of a sign.
 */
(texts) => {
  const RIGHT = "\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc";
  const CONTROLS = /[\u2060-\u2069\u200e\u200f]/;
  const WORD = new RegExp(`[^\\s${RIGHT}]+`, "gu");
  const SIGN = /^[\p{Sm}−]+$/u;
  const place = document.createElement("div");
  place.dir = "rtl";
  place.style.cssText = "position: absolute; top: 0; right: 0; inline-size: 900px; z-index: -1";
  document.body.append(place);

  /** The characters that are painted, each with its middle and its line; spaces between. */
  function painted(element) {
    const found = [];
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.parentElement.closest("math")) {
        found.push({ c: " " });
        continue;
      }
      for (let i = 0; i < node.data.length; i++) {
        const c = node.data[i];
        if (CONTROLS.test(c)) continue;
        const range = document.createRange();
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const box = range.getClientRects()[0];
        found.push(/\s/.test(c) || !box?.width ? { c: " " } : { c, x: box.left + box.width / 2, y: box.top });
      }
    }
    return found;
  }

  /** Whether the second of two stands to the left of the first, on one line. */
  const back = (a, b) => Math.abs(a.y - b.y) < 4 && b.x <= a.x;

  function backwards(element) {
    const all = painted(element);
    const text = all.map(({ c }) => c).join("");
    const wrong = [];
    let before = null;
    for (const found of text.matchAll(WORD)) {
      const word = found[0].replace(/^["“”״]+|[.,:;!?·"“”״]+$/gu, "");
      const from = found.index + found[0].indexOf(word);
      const inner = /^\([^)]*$|^[^(]*\)$|^\[[^\]]*$|^[^[]*\]$/.test(word) ? word.replace(/[()[\]]/g, " ") : word;
      for (let i = 1; i < inner.length; i++)
        if (inner[i] !== " " && inner[i - 1] !== " " && back(all[from + i - 1], all[from + i])) {
          wrong.push(word);
          break;
        }
      if (!word) {
        before = null;
        continue;
      }
      const here = { word, first: all[from], last: all[from + word.length - 1], end: found.index + found[0].length };
      const joined = before && before.end + 1 === found.index && before.whole;
      if (joined && (SIGN.test(word) || SIGN.test(before.word)) && back(before.last, here.first))
        wrong.push(`${before.word} ${word}`);
      before = { ...here, whole: found[0] === word };
    }
    return wrong;
  }

  const out = {};
  for (const [name, text] of Object.entries(texts)) {
    const element = document.createElement("div");
    if (text.startsWith("<")) element.innerHTML = text;
    else element.textContent = text;
    place.append(element);
    const wrong = backwards(element);
    if (wrong.length) out[name] = wrong;
    element.remove();
  }
  place.remove();
  return out;
};
