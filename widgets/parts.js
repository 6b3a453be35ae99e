// Small parts of the player: icons, buttons, captions, tables and heat maps.

const ICONS = {
  first: "M4 3v10M12 3l-6 5 6 5z", previous: "M11 3l-6 5 6 5z", play: "M5 3l8 5-8 5z",
  pause: "M5 3v10M11 3v10", next: "M5 3l6 5-6 5z", last: "M12 3v10M4 3l6 5-6 5z",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l4 4", fit: "M3 6V3h3M13 6V3h-3M3 10v3h3M13 10v3h-3",
  shapes: "M2 12h12M2 8h5M2 4h12M10 6.5l3 3M13 6.5l-3 3", wide: "M1 8h14M4 5L1 8l3 3M12 5l3 3-3 3", copy: "M6 6h7v7H6zM3 10V3h7",
  download: "M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10", in: "M8 4v8M4 8h8", out: "M4 8h8",
};

const KEYS = { First: ["Home", "Home"], Previous: ["←", "ArrowLeft"], Next: ["→", "ArrowRight"], Last: ["End", "End"],
  Play: ["Space", "Space"], Pause: ["Space", "Space"], Find: ["/", "/"], Fit: ["0", "0"], "Zoom in": ["+", "+"], "Zoom out": ["−", "-"] };

function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const key in properties) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), properties[key]);
    else if (key === "class") node.className = properties[key];
    else node.setAttribute(key, properties[key]);
  }
  // JupyterLab's shortcuts ask the focused element itself: without this "d d" deletes the cell.
  if (["button", "input", "select"].includes(tag)) node.dataset.lmSuppressShortcuts = "true";
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = make("svg", { viewBox: "0 0 16 16", class: "ic", "aria-hidden": "true" });
  make("path", { d: ICONS[name] }, svg);
  return svg;
}

function button(name, label, onclick, extra = "") {
  return h("button", { type: "button", class: `mtf-btn ${extra}`, ...named(label), onclick }, icon(name));
}

// What a button is called, and the key that does the same anywhere in the player.
function named(label) {
  const key = KEYS[label];
  return { "aria-label": label, title: key ? `${label} (${key[0]})` : label, ...(key ? { "aria-keyshortcuts": key[1] } : {}) };
}

// Caption pieces: strings, and ["b" | "code", text]; anything else is shown as text.
function write(node, pieces) {
  node.replaceChildren(...pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    return h(piece[0] === "code" ? "code" : "b", {}, String(piece[1]));
  }));
  return node;
}

function heatMap(levels, most) {
  const rows = levels.length, columns = levels[0]?.length ?? 0;
  const svg = make("svg", { viewBox: `0 0 ${columns} ${rows}`, class: "map", role: "img",
    "aria-label": "heat map", preserveAspectRatio: "none" });
  for (let level = 0; level <= 8; level++) {
    let d = "";
    levels.forEach((row, y) => row.forEach((v, x) => { if (v === level) d += `M${x} ${y}h1v1h-1z`; }));
    if (d) make("path", { d, style: `opacity:${(0.06 + 0.94 * level / 8).toFixed(2)}` }, svg);
  }
  svg.style.width = `${Math.min(Math.max(columns * 6, 60), most)}px`;
  svg.style.height = `${Math.min(Math.max(rows * 6, 30), most)}px`;
  return svg;
}

function column(col, most) {
  if (col.sign) return h("span", { class: col.sign.length > 3 ? "sign word" : "sign" }, col.sign);
  const box = h("div", { class: `col ${col.kind ?? ""} ${col.hot ? "hot" : ""}` });
  box.append(h("small", {}, col.label || "\u00a0"));
  if (col.map) {
    if (most < 100) box.classList.add("tight");
    const facts = col.stats.map(([key, value]) => `${key} ${value}`).join("\n");
    const stats = h("dl", { class: "stats" });
    for (const [key, value] of col.stats) {
      if (key !== "first") stats.append(h("dt", {}, key), h("dd", {}, value)); // that is on hover
    }
    const pair = h("div", { class: "pair", title: facts });
    if (col.map.length) pair.append(heatMap(col.map, most));
    pair.append(stats);
    box.append(pair);
    return box;
  }
  const table = h("table");
  (col.rows ?? []).forEach((row, r) => {
    const tr = table.insertRow();
    row.forEach((text, c) => {
      const td = tr.insertCell();
      td.textContent = text;
      td.style.setProperty("--h", col.heat?.[r]?.[c] ?? 0);
    });
  });
  box.append(table);
  return box;
}

// A question with its choices or a field, and a button for who gives no answer.
function question(asked, onanswer) {
  const fields = asked.choices
    ? asked.choices.map((c) => h("button", { type: "button", class: "choice", onclick: (e) => onanswer(e, c) }, c))
    : [h("input", { type: "text", "aria-label": "Your prediction", autocomplete: "off" })];
  const reveal = h("button", { type: "submit", class: "reveal" }, "Reveal");
  return [h("b", {}, "Predict "), write(h("span"), asked.prompt), " ", ...fields, " ", reveal];
}

// What a question's answer is told after it was given.
function verdict(asked, said) {
  const tidy = (s) => s.toLowerCase().replace(/[\s'"`]+/g, "");
  const right = asked.answers.some((a) => tidy(a) === tidy(said));
  const out = h("span", { class: right ? "right" : "other" });
  if (said) out.append(right ? `✓ You said ${said}: that is it. ` : `You said ${said}. `);
  if (!right) out.append("Answer: ", h("b", {}, asked.answers[0]), ". ");
  out.append(write(h("span"), asked.reveal));
  return out;
}

// JupyterLab's own theme, outside it the system's; returns what stops following.
function followTheme(root) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    const lab = document.body.dataset.jpThemeLight;
    root.classList.toggle("dark", lab === undefined ? system.matches : lab === "false");
  };
  set();
  system.addEventListener("change", set);
  const seen = new MutationObserver(set);
  seen.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => { seen.disconnect(); system.removeEventListener("change", set); };
}

