// What a learner's mouse and keys do to a player, and the search that dims all but what was meant.

class Hands {
  constructor(player) {
    this.player = player;
    this.grab = null;
    const { svg, pic, root } = player;
    svg.addEventListener("pointerdown", (e) => this.press(e));
    svg.addEventListener("pointermove", (e) => this.drag(e));
    svg.addEventListener("pointerup", (e) => this.release(e));
    svg.addEventListener("pointerleave", () => player.show(null));
    svg.addEventListener("focusin", (e) => player.show(player.idAt(e.target), true));
    svg.addEventListener("focusout", () => player.show(null));
    svg.addEventListener("dblclick", (e) => player.fold(player.idAt(e.target)));
    pic.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    root.addEventListener("keydown", (e) => this.key(e));
  }

  press(e) {
    if (e.button) return;
    this.grab = { x: e.clientX, y: e.clientY, far: false };
  }

  drag(e) {
    const { player, grab } = this;
    if (!grab) return player.show(player.idAt(e.target));
    const dx = e.clientX - grab.x, dy = e.clientY - grab.y;
    if (!grab.far && Math.hypot(dx, dy) < 4) return;
    if (!grab.far) player.svg.setPointerCapture(e.pointerId);
    Object.assign(grab, { x: e.clientX, y: e.clientY, far: true });
    player.pan(dx, dy);
  }

  release(e) {
    const click = this.grab && !this.grab.far;
    this.grab = null;
    if (!click) return;
    const handle = e.target.closest?.("[data-fold]");
    if (handle) return this.player.fold(handle.dataset.fold);
    const id = this.player.idAt(e.target);
    if (id) this.player.select(id);
  }

  wheel(e) {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    const box = this.player.svg.getBoundingClientRect();
    this.player.zoom(Math.exp(-e.deltaY / 300), (e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height);
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    // What is typed is not for JupyterLab either, which would keep Enter from giving an answer.
    if (e.target.matches("input[type=text], input[type=search], select")) return e.stopPropagation();
    const { player } = this;
    const keys = { ArrowLeft: () => player.user(player.step - 1), ArrowRight: () => player.next(),
      Home: () => player.user(0), End: () => player.user(player.story.frames.length - 1),
      "+": () => player.zoom(1.25), "-": () => player.zoom(0.8), "0": () => player.fit(), "/": () => player.finder.toggle(),
      Escape: () => { player.show(null); player.finder.close(); },
      ...this.placeKeys(e), ...(e.shiftKey ? this.panKeys() : {}) };
    if (e.key === " " && !e.target.matches("button")) keys[" "] = () => player.play();
    if (!keys[e.key]) return;
    e.preventDefault();
    e.stopPropagation();
    keys[e.key]();
  }

  panKeys() { // with Shift the arrows move the picture
    const by = (dx, dy) => () => this.player.pan(dx, dy);
    return { ArrowLeft: by(40, 0), ArrowRight: by(-40, 0), ArrowUp: by(0, 40), ArrowDown: by(0, -40) };
  }

  placeKeys(e) { // up and down walk through nodes or lines, Enter does what a click does
    const { player } = this, node = e.target.closest("[data-id]");
    if (node && player.svg.contains(node)) {
      const id = node.dataset.id;
      return { ArrowDown: () => this.walk(node, 1), ArrowUp: () => this.walk(node, -1),
        Enter: () => (player.scene.foldable(id) ? player.fold(id) : player.select(id)) };
    }
    return player.code?.keys(e.target) ?? {};
  }

  walk(from, by) {
    const all = [...this.player.svg.querySelectorAll("[tabindex]")];
    const to = all[(all.indexOf(from) + by + all.length) % all.length];
    this.rove(to);
    this.player.scene.reveal(to.dataset.id);
    to.focus({ preventScroll: true });
  }

  // Of all things in the picture one is reached by Tab: the last that was visited.
  rove(to) {
    const { svg } = this.player;
    svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    (to ?? svg.querySelector("[tabindex]"))?.setAttribute("tabindex", "0");
  }
}

class Finder {
  constructor(player) {
    Object.assign(this, { player, hits: [], at: -1 });
    this.query = h("input", { type: "search", class: "query", placeholder: "find a node", hidden: "",
      "aria-label": "Find a node", oninput: () => this.search(), onkeydown: (e) => this.key(e) });
    this.count = h("span", { class: "hits", role: "status" });
    this.button = button("search", "Find", () => this.toggle());
  }

  toggle() {
    if (!this.query.hidden) return this.close();
    this.query.hidden = false;
    this.query.focus({ preventScroll: true });
  }

  close() {
    if (this.query.hidden) return;
    this.query.hidden = true;
    this.query.value = "";
    this.search();
    this.player.playButton.focus({ preventScroll: true });
  }

  search() {
    const { svg, scene, story } = this.player, words = this.query.value.trim().toLowerCase();
    svg.classList.toggle("searching", !!words);
    svg.querySelectorAll(".found").forEach((n) => n.classList.remove("found"));
    this.hits = [];
    this.at = -1;
    for (const id in words ? story.info : {}) {
      const { name, type, dtype } = story.info[id];
      if (![name, type, dtype].some((s) => s?.toLowerCase().includes(words))) continue;
      const seen = scene.visible(id);
      if (seen && !this.hits.includes(seen)) this.hits.push(seen);
    }
    for (const id of this.hits) scene.elements.get(id).classList.add("found");
    this.count.textContent = words ? `${this.hits.length || "none"} found` : "";
  }

  key(e) { // Enter goes from one to the next
    if (e.key === "Escape") { this.close(); e.stopPropagation(); }
    if (e.key !== "Enter" || !this.hits.length) return;
    this.at = (this.at + 1) % this.hits.length;
    this.player.scene.reveal(this.hits[this.at]);
    this.player.show(this.hits[this.at]);
  }
}
