// The one front end of every Story: plays frames, answers mouse and keys, needs no kernel.

class Player {
  constructor(el, story, step, onstep) {
    Object.assign(this, { el, story, onstep, step: -1, answers: new Map(), asking: -1 });
    this.timer = null;
    this.values = {};
    this.labelled = this.before("labels");
    this.valued = this.before("values");
    this.build();
    const unfollow = followTheme(this.root);
    this.close = () => { this.stop(); this.watch.disconnect(); unfollow(); };
    this.go(Math.min(Math.max(step, 0), story.frames.length - 1));
  }

  // For each frame, what its labels (or values) were before, so that a step back is a delta too.
  before(key) {
    const known = {};
    return this.story.frames.map((frame) => {
      const old = {};
      for (const id in frame[key] ?? {}) old[id] = known[id] ?? "", known[id] = frame[key][id];
      return old;
    });
  }

  build() {
    const { story } = this;
    this.root = h("section", { class: "mtf", "aria-label": `${story.title}: a story in steps` });
    const head = h("header", {}, h("h4", {}, story.title), h("span", {}, story.subtitle ?? ""));
    if (story.left_out) head.append(h("span", { class: "left-out" }, story.left_out));
    this.body = h("div", { class: "body" });
    const panels = story.frames.some((f) => f.panel);
    if (story.lines.length || panels) this.body.append(this.buildSide());
    else this.body.classList.add("alone");
    this.body.append(this.buildPicture());
    this.caption = h("p", { class: "cap", "aria-live": "polite" });
    const lengths = story.lines.map((line) => line.pieces.reduce((n, [, words]) => n + words.length, 0));
    const rows = lengths.reduce((n, length) => n + Math.min(Math.max(Math.ceil(length / 48), 1), 3), 0);
    const room = 17 * 1.75 * 0.74 * rows + 24 + (panels ? 190 : 0);
    const { w, h: high } = story.drawing;
    const scale = Math.min(Math.max((this.side ? 450 : 860) / w, NEAR), 1.15); // as it may be drawn
    const tall = Math.max(Math.min(high * scale + 30, 640), Math.min(room, 500), this.side ? 320 : 240);
    this.root.style.setProperty("--body", `${Math.round(tall)}px`);
    const most = w > 700 ? (panels ? 42 : 38) : 48; // a wide picture needs the room more
    this.root.style.setProperty("--most", `${most}%`);
    const longest = Math.max(0, ...lengths);
    this.root.style.setProperty("--side", `max(${Math.round(7.6 * longest + 62)}px, ${panels ? "44%" : "0px"})`);
    this.ask = h("form", { class: "ask", hidden: "", onsubmit: (e) => this.answer(e) });
    const asks = story.frames.some((f) => f.predict);
    const words = h("div", { class: asks ? "words asks" : "words" }, this.caption, this.ask);
    this.root.append(head, this.body, words, this.buildControls());
    this.el.replaceChildren(this.root);
    this.scene = new Scene(this.svg, story, (id) => this.describe(id));
    this.hands = new Hands(this);
    this.hands.rove();
    this.watch = new ResizeObserver(() => this.aim(false));
    this.watch.observe(this.svg);
  }

  buildSide() {
    this.code = new CodePane(this.story.lines, (...lines) => this.jump(lines));
    this.firstFrame = new Map();
    this.story.frames.forEach((f, i) => {
      if (f.line !== undefined && !this.firstFrame.has(f.line)) this.firstFrame.set(f.line, i);
    });
    this.panel = h("div", { class: "val", hidden: "" });
    this.side = h("div", { class: "side" });
    if (this.code.lines.length) this.side.append(this.code.root);
    this.side.append(this.panel);
    return this.side;
  }

  buildPicture() {
    this.svg = make("svg", { class: "pic-svg", role: "group", "aria-label": this.story.note || "picture" });
    this.tip = h("div", { class: "tip", role: "tooltip", hidden: "" });
    const zooms = h("div", { class: "zooms" },
      button("in", "Zoom in", () => this.zoom(1.25)), button("out", "Zoom out", () => this.zoom(0.8)));
    const pic = h("div", { class: "pic" }, this.svg, zooms, this.tip);
    return (this.pic = pic);
  }

  buildControls() {
    const m = this.story.frames.length;
    this.playButton = button("play", "Play", () => this.play(), "play");
    this.slider = h("input", { type: "range", min: 1, max: Math.max(m, 1), step: 1, "aria-label": "Step",
      oninput: () => { this.stop(); this.go(this.slider.value - 1); } });
    const ticks = h("div", { class: "ticks", "aria-hidden": "true" });
    if (m <= 80) this.story.frames.forEach((f) => ticks.append(
      h("i", { class: f.error ? "bad" : f.predict ? "asks" : "" })));
    this.count = h("span", { class: "cnt" });
    this.speed = h("select", { class: "mtf-btn", "aria-label": "Speed", title: "Speed" },
      ...[0.5, 1, 2, 4].map((k) => h("option", { value: k, ...(k === 1 ? { selected: "" } : {}) }, `${k}×`)));
    this.finder = new Finder(this);
    const svgButtons = [button("copy", "Copy as SVG", () => this.copy()),
      button("download", "Download SVG", () => this.download())];
    return (this.controls = h("div", { class: "ctl" },
      button("first", "First", () => this.user(0)),
      button("previous", "Previous", () => this.user(this.step - 1)), this.playButton,
      button("next", "Next", () => this.next()),
      button("last", "Last", () => this.user(m - 1)),
      h("div", { class: "track" }, ticks, this.slider), this.count, this.speed,
      h("span", { class: "tools" }, this.finder.count, this.finder.query, this.finder.button,
        ...this.shapesButton(), button("fit", "Fit", () => this.fit()), button("wide", "Full width", () => this.wide()),
        ...svgButtons)));
  }

  shapesButton() { // only where edges know their tensors' shapes
    const known = (layout) => layout.items.some((i) => i.label && i.path || i.inside && known(i.inside));
    if (!known(this.story.drawing)) return [];
    const press = () => {
      const on = node.getAttribute("aria-pressed") !== "true";
      node.setAttribute("aria-pressed", on);
      this.scene.showShapes(on);
      this.hands.rove();
      this.finder.search();
    };
    const node = button("shapes", "Shapes on edges", press);
    node.setAttribute("aria-pressed", "false");
    return [node];
  }

  // ---- stepping
  go(to) {
    const { frames } = this.story, last = frames.length - 1;
    if (last < 0) return this.settle();
    to = Math.min(Math.max(to, 0), last);
    while (this.step < to) this.apply(frames[++this.step], false, this.step);
    while (this.step > to) this.apply(frames[this.step], true, this.step--);
    this.asking = -1;
    this.settle();
    this.onstep(to);
  }

  apply(frame, back, i) {
    this.scene.change(frame, back);
    const labels = back ? this.labelled[i] : frame.labels;
    for (const id in labels ?? {}) this.scene.badge(id, labels[id]);
    Object.assign(this.values, back ? this.valued[i] : frame.values ?? {});
  }

  user(to) { this.stop(); this.go(to); }

  next() {
    this.stop();
    this.forward();
  }

  // One step on; a frame that asks is first asked, and shown at the second press or the answer.
  forward() {
    const to = this.step + 1, frame = this.story.frames[to];
    if (!frame) return false;
    if (frame.predict && this.asking !== to && !this.answers.has(to)) {
      this.asking = to;
      this.settle();
      this.ask.querySelector("input, button")?.focus({ preventScroll: true });
      return false;
    }
    this.go(to);
    return to < this.story.frames.length - 1;
  }

  answer(e, given) {
    e.preventDefault();
    const said = (given ?? this.ask.querySelector("input")?.value ?? "").trim();
    const at = this.asking;
    if (at < 0) return;
    this.answers.set(at, said);
    this.go(at);
    this.playButton.focus({ preventScroll: true });
  }

  play() {
    if (this.timer !== null) return this.stop();
    if (this.step >= this.story.frames.length - 1) this.go(0);
    const tick = () => {
      if (!this.forward()) return this.stop();
      this.timer = setTimeout(tick, this.pause());
    };
    this.timer = setTimeout(tick, 250);
    this.playing(true);
  }

  pause() { // time to read the caption
    return (900 + 24 * this.caption.textContent.length) / Number(this.speed.value);
  }

  stop() {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.playing(false);
  }

  playing(on) {
    const label = on ? "Pause" : "Play";
    this.playButton.replaceChildren(icon(on ? "pause" : "play"));
    for (const [key, words] of Object.entries(named(label))) this.playButton.setAttribute(key, words);
  }

  settle() { // everything that depends on the step alone
    const { frames } = this.story, frame = frames[this.step] ?? { caption: [] };
    const m = frames.length, ahead = frames[this.asking];
    write(this.caption, frame.caption);
    this.caption.classList.toggle("bad", !!frame.error);
    this.slider.value = this.step + 1;
    this.slider.style.setProperty("--at", m > 1 ? this.step / (m - 1) : 0);
    this.slider.setAttribute("aria-valuetext", `${this.step + 1} of ${m}`);
    this.count.textContent = `${this.step + 1} / ${m}`;
    this.fillPanel(frame.panel); // before the code, of which less is in sight beside a panel
    this.current((ahead ?? frame).line, frame.error);
    this.fillAsk(frame);
    this.aim(true);
    if (this.tipId) this.show(this.tipId);
  }

  current(line, bad) {
    let reached = -1;
    for (let i = 0; i <= this.step; i++) reached = Math.max(reached, this.story.frames[i].line ?? -1);
    this.code?.current(line, reached, bad);
  }

  fillPanel(panel) {
    if (!this.panel) return;
    this.panel.hidden = !panel;
    if (!panel) return;
    const most = panel.cols.filter((col) => col.map).length > 1 ? 58 : 132; // the result stays in sight
    const cols = h("div", { class: "cols" }, ...panel.cols.map((col) => column(col, most)));
    this.panel.replaceChildren(write(h("div", { class: "vh" }), panel.title), cols);
    if (panel.note.length) this.panel.append(write(h("div", { class: "vn" }), panel.note));
  }

  fillAsk(frame) {
    const ahead = this.story.frames[this.asking];
    const asked = (ahead ?? frame).predict;
    const said = this.answers.get(this.step);
    this.ask.hidden = !asked || (!ahead && said === undefined);
    this.ask.classList.toggle("answered", !ahead);
    this.svg.classList.toggle("asking", !!ahead); // the ghosts would tell the answer
    this.caption.hidden = !!ahead; // one thing at a time, in the same place
    if (this.ask.hidden) return;
    if (!ahead) return this.ask.replaceChildren(verdict(asked, said));
    this.ask.replaceChildren(...question(asked, (e, choice) => this.answer(e, choice)));
  }

  // ---- code and nodes point at each other
  jump(lines) { // a line, and the first of its statement
    const known = lines.find((line) => this.firstFrame.has(line));
    if (known !== undefined) this.user(this.firstFrame.get(known));
  }

  select(id) {
    this.show(id, true);
    this.code?.point(this.story.info[id]?.line);
  }

  idAt(target) {
    return target.closest?.("[data-id]")?.dataset.id ?? null;
  }

  describe(id) {
    const about = this.story.info[id] ?? {};
    const words = [about.name, about.type, about.dtype, about.shape].filter(Boolean);
    if (about.line !== undefined && this.story.lines[about.line]) words.push(`line ${this.story.lines[about.line].n}`);
    const value = this.values[id] || about.value;
    return words.join(", ") + (value ? `, value ${value}` : "");
  }

  show(id, kept = false) {
    const about = this.story.info[id];
    this.tipId = about ? id : null;
    this.tip.hidden = !about;
    if (!about) return;
    const line = this.story.lines[about.line];
    const rows = [["op", about.type], ["dtype", about.dtype], ["shape", about.shape],
      ["device", about.device], ["value", this.values[id] || about.value], ["inside", about.ops && `${about.ops} ops`],
      ["line", line && String(line.n)], ...(about.more ?? [])];
    const list = h("dl");
    for (const [key, value] of rows) if (value) list.append(h("dt", {}, key), h("dd", {}, value));
    this.tip.replaceChildren(h("b", {}, about.name), list);
    if (kept) this.scene.elements.get(id)?.setAttribute("aria-label", this.describe(id));
    this.placeTip(id);
  }

  placeTip(id) {
    const node = this.scene.elements.get(id);
    if (!node) return;
    const a = node.getBoundingClientRect(), b = this.pic.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: t } = this.tip;
    let x = a.right - b.left + 8, y = a.top - b.top;
    if (x + w > b.width - 4) x = a.left - b.left - w - 8;
    if (x < 4) { x = Math.max(4, Math.min(a.left - b.left, b.width - w - 4)); y = a.bottom - b.top + 6; }
    this.tip.style.left = `${x}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y, b.height - t - 4))}px`;
  }

  fold(id) {
    if (!id || !this.scene.foldable(id)) return;
    const focused = this.svg.contains(document.activeElement);
    this.scene.fold(id);
    this.aim(false);
    const node = this.svg.querySelector(`[tabindex][data-id="${CSS.escape(id)}"]`);
    this.hands.rove(node);
    if (focused) node?.focus({ preventScroll: true });
    this.finder.search();
    this.show(null);
  }

  // ---- what of the picture is in sight
  zoom(factor, x, y) {
    this.moved = true;
    this.scene.zoom(factor, x, y);
  }

  pan(dx, dy) {
    this.moved = true;
    this.show(null);
    this.scene.pan(dx, dy);
  }

  fit() { // of a large drawing the whole, and by a second press again what each step is about
    this.whole = this.scene.large && !this.moved && !this.whole;
    this.moved = false;
    this.aim(false);
  }

  // The first and the last step show the whole picture, those between what they are about; of a
  // picture in which time runs to the right, each step shows its time.
  aim(smooth) {
    if (this.moved) return;
    const between = this.step > 0 && this.step < this.story.frames.length - 1;
    if (this.whole || !between && !this.scene.margin) return this.scene.glide(this.scene.whole(), smooth);
    this.scene.near([...(this.scene.marks.get("now") ?? []), ...(this.scene.marks.get("wrong") ?? [])], smooth);
  }

  // ---- width, export
  wide() {
    this.root.classList.toggle("wide");
    this.moved = false;
    this.aim(false);
  }

  async copy() {
    const text = this.scene.export();
    try {
      await navigator.clipboard.writeText(text);
      this.say("The picture is on the clipboard as SVG.");
    } catch {
      this.say("The browser did not allow copying; use the download button.");
    }
  }

  download() {
    const url = URL.createObjectURL(new Blob([this.scene.export()], { type: "image/svg+xml" }));
    const name = this.story.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "story";
    h("a", { href: url, download: `${name}-${this.step + 1}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  say(words) {
    this.caption.textContent = words;
    setTimeout(() => this.settle(), 2000);
  }
}

// `dress` may add to each new player, `before` is told when one is about to give way to the next.
function render({ model, el }, dress = () => {}, before = () => {}) {
  let player = null;
  const start = () => {
    before();
    player?.close();
    player = new Player(el, model.get("story"), model.get("step") ?? 0, (step) => {
      if (model.get("step") === step) return;
      model.set("step", step);
      model.save_changes();
    });
    dress(player);
  };
  const follow = () => { // a step told together with a new story is the new player's
    if (player.story === model.get("story") && player.step !== model.get("step")) player.go(model.get("step"));
  };
  model.on("change:story", start);
  model.on("change:step", follow);
  start();
  return () => {
    player.close();
    model.off("change:story", start);
    model.off("change:step", follow);
  };
}

export default { render };
