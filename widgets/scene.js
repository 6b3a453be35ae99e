// The drawing: plain data -> SVG elements, scopes that fold, pan, zoom and export.
// Words only ever enter the page as text nodes, tags and attributes only from these lists.
const NS = "http://www.w3.org/2000/svg";
const TAGS = new Set(["rect", "ellipse", "circle", "path", "line", "text", "polygon"]);
const ATTRIBUTES = new Set(["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width",
  "height", "d", "points", "class", "text-anchor", "transform"]);

const CELL = 32, PAD = 6;
const READABLE = 0.62, NEAR = 0.85; // below the one a drawing is shown in parts, at the other

function make(tag, attributes = {}, parent = null, text = null) {
  const node = document.createElementNS(NS, tag);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== null) node.textContent = text;
  if (parent) parent.append(node);
  return node;
}

function shape([tag, attributes, text], parent) {
  if (!TAGS.has(tag)) return;
  const safe = {};
  for (const key in attributes) if (ATTRIBUTES.has(key)) safe[key] = attributes[key];
  make(tag, safe, parent, text ?? null);
}

// Where each thing of a layout goes when some of its boxes are open: space is stretched where a
// grown box lies and shrunk where only a shrunk one does, so nothing overlaps or changes order.
function arrange(layout, open) {
  const things = layout.items.filter((item) => !item.path);
  const inner = new Map();
  const needs = things.map((item) => {
    if (!item.inside) return [item.w, item.h];
    if (!open.has(item.id)) return item.small;
    inner.set(item.id, arrange(item.inside, open));
    return [inner.get(item.id).w, inner.get(item.id).h];
  });
  const X = stretch(things.map((t, i) => [t.x - t.w / 2, t.x + t.w / 2, needs[i][0] / t.w]));
  const Y = stretch(things.map((t, i) => [t.y - t.h / 2, t.y + t.h / 2, needs[i][1] / t.h]));
  const at = new Map();
  things.forEach((t, i) => {
    const x = (X(t.x - t.w / 2) + X(t.x + t.w / 2)) / 2;
    const y = (Y(t.y - t.h / 2) + Y(t.y + t.h / 2)) / 2;
    at.set(t.id, { x, y, w: needs[i][0], h: needs[i][1], item: t });
  });
  const ports = {};
  const w = X(layout.w), h = Y(layout.h);
  for (const id in layout.ports ?? {}) {
    const [x, y] = layout.ports[id];
    ports[id] = [X(x), y === 0 ? 0 : h];
  }
  return { w, h, at, X, Y, inner, ports, layout };
}

function stretch(spans) {
  if (spans.every(([, , k]) => Math.abs(k - 1) < 1e-6)) return (v) => v;
  const marks = [...new Set(spans.flatMap(([a, b]) => [a, b]))].sort((a, b) => a - b);
  const factors = marks.map((m, i) => {
    let k = 0;
    for (const [a, b, need] of spans) if (a <= m && b > m) k = Math.max(k, need);
    return i === marks.length - 1 || k === 0 ? 1 : k;
  });
  const sums = [marks[0]];
  for (let i = 1; i < marks.length; i++) {
    sums.push(sums[i - 1] + (marks[i] - marks[i - 1]) * factors[i - 1]);
  }
  return (v) => {
    let i = marks.findLastIndex((m) => m <= v);
    return i < 0 ? v : sums[i] + (v - marks[i]) * factors[i];
  };
}

// An edge's points: ends follow their nodes or ports, what lies between follows the stretched space.
function route(edge, a) {
  const path = edge.path.map((v, i) => (i % 2 ? a.Y(v) : a.X(v)));
  const n = path.length;
  const lead = (id, i, j) => {
    const box = a.at.get(id);
    if (!box) return false;
    const port = a.inner.get(id)?.ports[edge.id];
    if (port) {
      path[i] = box.x - box.w / 2 + port[0];
      path[i + 1] = box.y - box.h / 2 + port[1];
      path[j] = path[i];
      path[j + 1] = path[i + 1] + (port[1] === 0 ? -14 : 14);
      return true;
    }
    const old = box.item;
    const kx = box.w / old.w, ky = box.h / old.h;
    const dx = path[j] - path[i], dy = path[j + 1] - path[i + 1];
    path[i] = box.x + (edge.path[i] - old.x) * kx;
    path[i + 1] = box.y + (edge.path[i + 1] - old.y) * ky;
    path[j] = path[i] + dx;
    path[j + 1] = path[i + 1] + dy;
    return false;
  };
  lead(edge.from, 0, 2);
  const ported = lead(edge.to, n - 2, n - 4);
  return [path, !ported && a.at.has(edge.to)];
}

function arrow(p) {
  const n = p.length;
  const dx = p[n - 2] - p[n - 4], dy = p[n - 1] - p[n - 3];
  const length = Math.hypot(dx, dy) || 1, u = dx / length, v = dy / length;
  const x = p[n - 2], y = p[n - 1];
  const points = [[x, y], [x - 7 * u - 2.8 * v, y - 7 * v + 2.8 * u],
    [x - 7 * u + 2.8 * v, y - 7 * v - 2.8 * u]];
  return points.map((q) => q.map((c) => c.toFixed(1)).join(",")).join(" ");
}

const UNSEEN = ["tabindex", "role", "aria-label", "aria-expanded", "data-lm-suppress-shortcuts"];

// The point half way along a path of Bezier pieces.
function middle(p) {
  const pieces = (p.length - 2) / 6, i = 6 * Math.floor(pieces / 2);
  if (pieces % 2 === 0) return [p[i], p[i + 1]];
  return [0, 1].map((k) => (p[i + k] + 3 * p[i + 2 + k] + 3 * p[i + 4 + k] + p[i + 6 + k]) / 8);
}

class Scene {
  constructor(svg, story, describe) {
    Object.assign(this, { svg, story, describe, open: new Set(), marks: new Map(), labels: {} });
    this.root = make("g", { class: "root" }, svg);
    this.inside = new Map(); // id -> ids of the boxes it lies in
    const visit = (layout, above) => {
      for (const item of layout.items) {
        this.inside.set(item.id, above);
        if (item.inside) {
          if (item.open) this.open.add(item.id);
          visit(item.inside, [...above, item.id]);
        }
      }
    };
    visit(story.drawing, []);
    for (const mark in story.start) this.marks.set(mark, new Set(story.start[mark]));
    this.draw();
    this.fit();
  }

  draw() {
    this.elements = new Map();
    this.spots = new Map(); // where closed things lie, in the whole drawing's coordinates
    this.badges = new Map(); // and the words beside them
    this.paths = []; // and where the edges run
    this.wires = null;
    this.root.replaceChildren();
    const a = arrange(this.story.drawing, this.open);
    this.size = [Math.max(a.w, 1), Math.max(a.h, 1)];
    this.margin = this.story.drawing.stuck ?? 0;
    this.stuck = make("g", { class: "stuck" });
    if (this.margin) {
      make("rect", { x: -PAD, y: -PAD, width: this.margin + PAD, height: a.h + 2 * PAD }, this.stuck);
      make("path", { d: `M${this.margin} ${-PAD}V${a.h + PAD}` }, this.stuck);
    }
    this.drawLayout(a, this.root, 0, 0);
    if (this.margin) this.root.append(this.stuck); // over what moves below
    for (const [mark, ids] of this.marks) this.toggle(mark, ids, true);
    for (const id in this.labels) this.badge(id, this.labels[id]);
  }

  drawLayout(a, parent, left, top) {
    const opened = [], closed = [];
    for (const place of a.at.values()) (a.inner.has(place.item.id) ? opened : closed).push(place);
    for (const place of opened) this.drawBox(place, a.inner.get(place.item.id), parent, left, top);
    for (const item of a.layout.items) {
      if (!item.path) continue;
      const [path, headed] = route(item, a);
      const g = make("g", { class: item.kind.join(" ") }, parent);
      const points = path.map((v) => v.toFixed(1));
      this.paths.push([path, left, top]);
      make("path", { d: `M${points.slice(0, 2).join(" ")}C${points.slice(2).join(" ")}` }, g);
      if (headed) make("polygon", { points: arrow(path) }, g);
      if (this.shapes && item.label) {
        const [x, y] = middle(path);
        make("text", { class: "small halo", x, y: y + 3 }, g, item.label);
      }
      this.elements.set(item.id, g);
    }
    for (const place of closed) {
      const g = this.group(place, place.item.stuck ? this.stuck : parent);
      this.spots.set(place.item.id, [left + place.x - place.w / 2, top + place.y - place.h / 2, place.w, place.h]);
      for (const one of place.item.shapes) shape(one, g);
      if (place.item.inside) this.handle(g, place, false);
      if (this.story.info[place.item.id]) this.reachable(g, place.item.id);
    }
  }

  group(place, parent, extra = "") {
    const { x, y, item } = place;
    const names = item.kind.join(" ") + extra;
    const g = make("g", { class: names, transform: `translate(${x} ${y})` }, parent);
    g.dataset.id = item.id;
    this.elements.set(item.id, g);
    return g;
  }

  drawBox(place, inner, parent, left, top) {
    const g = this.group(place, parent, " open");
    const { w, h, item } = place, x = -w / 2, y = -h / 2;
    make("rect", { x, y, width: w, height: h, rx: 10 }, g);
    const title = make("g", { class: "title" }, g);
    make("text", { class: "small left", x: x + 10, y: y + 16 }, title, item.label ?? "");
    this.handle(title, place, true);
    title.dataset.id = item.id;
    this.reachable(title, item.id);
    const frame = make("g", { transform: `translate(${x} ${y})` }, g);
    this.drawLayout(inner, frame, left + place.x + x, top + place.y + y);
  }

  handle(g, { w, h, item }, open) {
    const k = make("g", { class: "fold", transform: `translate(${w / 2 - 12} ${-h / 2 + 12})` }, g);
    k.dataset.fold = item.id;
    make("circle", { r: 7 }, k);
    make("path", { d: open ? "M-3.5 0H3.5" : "M-3.5 0H3.5M0 -3.5V3.5" }, k);
  }

  reachable(g, id) {
    g.setAttribute("tabindex", "-1");
    g.setAttribute("role", "button");
    g.setAttribute("data-lm-suppress-shortcuts", "true"); // see player.js
    g.setAttribute("aria-label", this.describe(id));
    if (g.querySelector("[data-fold]")) g.setAttribute("aria-expanded", this.open.has(id));
  }

  showShapes(on) {
    this.shapes = on;
    this.draw();
  }

  foldable(id) {
    return this.elements.has(id) && this.elements.get(id).querySelector(`[data-fold="${id}"]`) !== null;
  }

  fold(id) {
    this.open.has(id) ? this.open.delete(id) : this.open.add(id);
    this.draw();
  }

  // The innermost element in sight that stands for an id: itself or the folded box that holds it.
  visible(id) {
    return [id, ...[...(this.inside.get(id) ?? [])].reverse()].find((x) => this.elements.has(x));
  }

  change(frame, back) {
    const [on, off] = back ? [frame.remove, frame.add] : [frame.add, frame.remove];
    for (const mark in off ?? {}) this.mark(mark, off[mark], false);
    for (const mark in on ?? {}) this.mark(mark, on[mark], true);
  }

  mark(mark, ids, on) {
    if (!this.marks.has(mark)) this.marks.set(mark, new Set());
    const known = this.marks.get(mark);
    for (const id of ids) on ? known.add(id) : known.delete(id);
    this.toggle(mark, ids, on);
  }

  toggle(mark, ids, on) {
    for (const id of ids) this.elements.get(id)?.classList.toggle(mark, on);
  }

  badge(id, text) {
    this.labels[id] = text;
    this.badges.delete(id);
    const g = this.elements.get(id), spot = this.spots.get(id);
    g?.querySelector(":scope > .badge")?.remove();
    if (!text || !spot) return;
    const [x, y, w, h] = spot, room = 6.3 * text.length;
    const middle = x + w / 2, aside = w * 0.08 + 4; // beside the middle, where edges leave
    const places = [[middle + aside, y - 4], [middle - aside - room, y - 4], [x + w + 5, y + h / 2 + 4],
      [x - room - 5, y + h / 2 + 4], [middle + aside, y + h + 12], [middle - aside - room, y + h + 12],
      [x + w + 2, y - 2], [x - room - 4, y - 2], [x + w + 2, y + h + 10], [x - room - 4, y + h + 10]];
    const box = ([left, base]) => [left, base - 11, room, 14];
    const free = places.filter((one) => this.isFree(id, box(one)));
    const [vx, vy, vw, vh] = this.whole();
    const beyond = ([left, base]) => left < vx || left + room > vx + vw + 10 || base - 11 < vy || base > vy + vh;
    const costs = free.map((one) => this.crossed(box(one)) + (beyond(one) ? 40 : 0));
    const place = free[costs.indexOf(Math.min(...costs))] ?? places[0];
    this.badges.set(id, box(place));
    make("text", { class: "badge left", x: place[0] - middle, y: place[1] - y - h / 2 }, g, text);
  }

  // Whether no other thing and no other words lie in a box.
  isFree(id, [x, y, w, h]) {
    const apart = ([a, b, c, d]) => a + c <= x || a >= x + w || b + d <= y || b >= y + h;
    for (const known of [this.spots, this.badges]) {
      for (const [other, box] of known) if (other !== id && !apart(box)) return false;
    }
    return true;
  }

  // How many points of edges lie in a box; where the edges run is noted when first asked for.
  crossed([x, y, w, h]) {
    this.wires ??= this.follow();
    let count = 0;
    for (let i = Math.floor(x / CELL); i <= (x + w) / CELL; i++) {
      for (let j = Math.floor(y / CELL); j <= (y + h) / CELL; j++) {
        for (const [a, b] of this.wires.get(`${i} ${j}`) ?? []) count += a > x && a < x + w && b > y && b < y + h;
      }
    }
    return count;
  }

  // Points along every edge, a few pixels apart, by the square of the drawing in which they lie.
  follow() {
    const cells = new Map();
    for (const [p, left, top] of this.paths) {
      for (let i = 0; i + 7 < p.length; i += 6) {
        const n = Math.ceil(Math.hypot(p[i + 6] - p[i], p[i + 7] - p[i + 1]) / 4) + 1;
        for (let s = 0; s <= n; s++) {
          const t = s / n, u = 1 - t;
          const at = (k) => u * u * u * p[i + k] + 3 * u * t * (u * p[i + 2 + k] + t * p[i + 4 + k]) + t * t * t * p[i + 6 + k];
          const x = left + at(0), y = top + at(1), cell = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
          cells.has(cell) ? cells.get(cell).push([x, y]) : cells.set(cell, [[x, y]]);
        }
      }
    }
    return cells;
  }

  fit() {
    this.glide(this.whole(), false);
  }

  // The view of the whole drawing; small ones are not blown up beyond 1.5 times.
  whole() {
    const [w, h] = this.size, { clientWidth: cw, clientHeight: ch } = this.svg;
    if (!cw || !ch) return [-PAD, -PAD, w + 2 * PAD, h + 2 * PAD];
    const scale = Math.min(cw / (w + 2 * PAD), ch / (h + 2 * PAD), 1.5);
    return [w / 2 - cw / scale / 2, h / 2 - ch / scale / 2, cw / scale, ch / scale];
  }

  // Whether the words of the whole drawing are too small to be read.
  get large() {
    return this.svg.clientWidth > 0 && this.svg.clientWidth / this.whole()[2] < (this.margin ? NEAR : READABLE);
  }

  // Of a large drawing the part in which some things lie, large enough to be read; where time runs
  // to the right and nothing is meant, its end.
  near(ids, smooth) {
    const end = this.margin ? [this.size[0] - 1, 0, 1, 1] : null;
    const box = this.around(ids) ?? end, whole = this.whole(), { clientWidth: cw, clientHeight: ch } = this.svg;
    if (!this.large || !box) return this.glide(whole, smooth);
    const most = this.margin ? Math.min(1, ch / (this.size[1] + 2 * PAD)) : NEAR;
    const scale = Math.max(Math.min(most, cw / (box[2] + 40 + this.margin), ch / (box[3] + 40)), cw / whole[2]);
    const w = cw / scale, h = ch / scale;
    const [vx, vy] = Math.abs(this.goal[2] - w) < 1 ? this.goal : [Infinity, Infinity];
    this.glide(this.into(box, [vx, vy, w, h]), smooth);
  }

  // Brings a thing into sight without zooming.
  reveal(id) {
    const box = this.around([id]);
    if (box) this.glide(this.into(box, this.goal), true);
  }

  // A view as it is if a box lies in it, or else moved there.
  into([x, y, w, h], [vx, vy, vw, vh]) {
    if (x > vx + this.margin + 8 && y > vy + 8 && x + w < vx + vw - 8 && y + h < vy + vh - 8) return [vx, vy, vw, vh];
    const within = (at, size, all) => (size > all + 2 * PAD ? (all - size) / 2 : Math.min(Math.max(at, -PAD), all + PAD - size));
    return [within(x + w / 2 - (vw + this.margin) / 2, vw, this.size[0]), within(y + h / 2 - vh / 2, vh, this.size[1]), vw, vh];
  }

  around(ids) {
    const boxes = [...ids].map((id) => this.spots.get(id)).filter(Boolean);
    if (!boxes.length) return null;
    const [x, y] = [0, 1].map((k) => Math.min(...boxes.map((b) => b[k])));
    const [r, b] = [0, 1].map((k) => Math.max(...boxes.map((b) => b[k] + b[k + 2])));
    return [x, y, r - x, b - y];
  }

  // The view goes to a place, at once or in a short movement.
  glide(to, smooth) {
    cancelAnimationFrame(this.moving);
    const from = this.view, start = performance.now();
    this.goal = to;
    if (!from || !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.view = to;
      return this.look();
    }
    if (to.every((v, i) => Math.abs(v - from[i]) < 0.5)) return;
    const move = (now) => {
      const t = Math.min(Math.max((now - start) / 260, 0), 1), k = t * t * (3 - 2 * t);
      this.view = to.map((v, i) => from[i] + (v - from[i]) * k);
      this.look();
      if (t < 1) this.moving = requestAnimationFrame(move);
    };
    this.moving = requestAnimationFrame(move);
  }

  look() {
    this.svg.setAttribute("viewBox", this.view.map((v) => v.toFixed(2)).join(" "));
    const away = this.margin < this.view[2] / 2 ? Math.max(this.view[0], 0) : 0;
    this.stuck.setAttribute("transform", `translate(${away.toFixed(2)} 0)`);
    this.stuck.classList.toggle("away", away > 0);
  }

  zoom(factor, cx = 0.5, cy = 0.5) {
    const [x, y, w, h] = this.view;
    const nw = Math.min(Math.max(w / factor, 40), this.size[0] * 8 + 400), k = nw / w;
    this.glide([x + w * cx * (1 - k), y + h * cy * (1 - k), nw, h * k], false);
  }

  pan(dx, dy) {
    const k = this.view[2] / (this.svg.clientWidth || 1);
    this.glide([this.view[0] - dx * k, this.view[1] - dy * k, ...this.view.slice(2)], false);
  }

  // A copy that looks the same on its own: every style that CSS gave is written into the elements.
  export() {
    this.stuck.removeAttribute("transform");
    this.stuck.classList.remove("away");
    const copy = this.svg.cloneNode(true);
    const keys = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity",
      "font-family", "font-size", "font-weight", "text-anchor", "display", "text-decoration"];
    const from = this.svg.querySelectorAll("*"), to = copy.querySelectorAll("*");
    from.forEach((node, i) => {
      const style = getComputedStyle(node);
      for (const key of keys) to[i].style.setProperty(key, style.getPropertyValue(key));
      for (const name of UNSEEN) to[i].removeAttribute(name);
    });
    copy.querySelectorAll(".fold").forEach((node) => node.remove());
    const { x, y, width, height } = this.root.getBBox(); // labels may stand out beyond the drawing
    this.look();
    copy.setAttribute("xmlns", NS);
    copy.setAttribute("viewBox", [x - 8, y - 8, width + 16, height + 16].map(Math.round).join(" "));
    copy.setAttribute("width", Math.round(width + 16));
    copy.setAttribute("height", Math.round(height + 16));
    for (const name of ["class", "tabindex", "aria-label"]) copy.removeAttribute(name);
    copy.style.background = getComputedStyle(this.svg.closest(".mtf")).backgroundColor;
    return new XMLSerializer().serializeToString(copy);
  }
}
