// The form above a player: fields checked by the kernel as they are typed, and a button that runs.

class Form {
  constructor(el, model) {
    Object.assign(this, { el, model, here: false, waiting: null, busy: null });
    this.id = `mtf-form-${Math.random().toString(36).slice(2)}`; // each form has its own module
    this.build();
    this.show();
    this.showStatus();
    this.lock();
  }

  build() {
    const { title, subtitle, fields } = this.model.get("form");
    const head = h("header", {}, h("h4", {}, title), h("span", {}, subtitle));
    this.fields = fields.map((field, i) => this.field(field, i));
    this.runButton = h("button", { type: "submit", class: "mtf-run" }, icon("play"), " Run");
    this.again = h("button", { type: "button", class: "mtf-btn", hidden: "", onclick: () => this.ask("compare") },
      "Compare the last two runs");
    this.status = h("span", { class: "said", role: "status" });
    const foot = h("div", { class: "foot" }, this.runButton, this.again, this.status);
    const rows = h("div", { class: "rows" }, ...this.fields.map((field) => field.row));
    this.form = h("form", { class: "fields", onsubmit: (e) => this.submit(e) }, rows, foot);
    this.root = h("section", { class: "mtf mtf-form", "aria-label": `${title}: ${subtitle}`, onkeydown: keepKeys }, head, this.form);
    this.unfollow = followTheme(this.root);
    this.el.replaceChildren(this.root);
  }

  field(field, i) {
    const id = `${this.id}-${i}`;
    const input = h("input", { type: "text", id, class: "typed", autocomplete: "off", spellcheck: "false",
      autocapitalize: "off", "aria-describedby": `${id}-kind ${id}-says`, oninput: () => this.typed() });
    const hint = field.hint ? `, ${field.hint}` : "";
    const kind = h("span", { class: "kind", id: `${id}-kind`, title: field.type },
      h("code", {}, field.dtype), " ", h("code", {}, field.shape), hint);
    const says = h("span", { class: "says", id: `${id}-says`, "aria-live": "polite" });
    const label = h("label", { for: id, title: field.name }, ...breakable(field.name));
    const row = h("div", { class: "row" }, h("div", { class: "what" }, label, kind), input, says);
    return { row, input, says };
  }

  texts() {
    return this.fields.map((field) => field.input.value);
  }

  // What the kernel found, unless the text has moved on since.
  show() {
    const checks = this.model.get("checks"), texts = this.model.get("texts");
    this.fields.forEach(({ row, input, says }, i) => {
      if (document.activeElement !== input && !this.pending(i)) input.value = texts[i] ?? "";
      const check = checks[i];
      if (!check || check.text !== input.value) return row.classList.add("stale");
      row.className = `row ${check.is}`;
      check.is === "wrong" ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
      const words = [check.is === "ok" ? "✓ " : check.is === "wrong" ? "✕ " : "", ...check.says];
      if (says.dataset.words === JSON.stringify(words)) return; // or it would be read out again
      says.dataset.words = JSON.stringify(words);
      write(says, words);
    });
  }

  pending(i) { // typed here, not yet sent
    return this.waiting !== null && this.fields[i].input.value !== this.model.get("texts")[i];
  }

  typed() {
    this.fields.forEach(({ row, input }, i) => {
      row.classList.toggle("stale", input.value !== this.model.get("checks")[i]?.text);
    });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send(), 60);
  }

  send() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.model.set("texts", this.texts());
    this.model.save_changes();
  }

  submit(e) {
    e.preventDefault();
    this.ask("run");
  }

  ask(what) {
    if (!this.here) return;
    clearTimeout(this.waiting);
    this.waiting = null;
    this.model.send({ do: what, texts: this.texts() });
    this.root.setAttribute("aria-busy", "true");
    clearTimeout(this.busy);
    this.busy = setTimeout(() => write(this.status, ["Waiting for the kernel … If it was restarted, run this cell again."]), 1500);
  }

  heard(message) {
    if (message.here) { this.here = true; this.lock(); }
  }

  answered() { // what the buttons asked for was done
    clearTimeout(this.busy);
    this.root.removeAttribute("aria-busy");
    this.showStatus();
    if (this.model.get("status").bad) this.fields.find(({ input }) => input.hasAttribute("aria-invalid"))?.input.focus();
  }

  lock() { // without a kernel nothing can be checked or run: the last values stand
    const alone = !this.here;
    this.root.classList.toggle("alone", alone);
    for (const { input } of this.fields) input.readOnly = alone;
    this.runButton.hidden = alone;
    this.showStatus();
  }

  showStatus() {
    const { says, bad, compare } = this.model.get("status");
    write(this.status, says);
    this.status.classList.toggle("bad", !!bad);
    this.again.hidden = !compare || !this.here;
  }

  close() {
    clearTimeout(this.waiting);
    clearTimeout(this.busy);
    this.unfollow();
  }
}

// A name as text that may go on in the next line after each of its scopes.
function breakable(name) {
  return name.split(/(?<=\/)/).flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
}

// Keys typed into the form are the form's: JupyterLab has shortcuts for most letters.
function keepKeys(e) {
  if (e.key !== "Escape" && !e.ctrlKey && !e.metaKey) e.stopPropagation();
}

function renderForm({ model, el }) {
  const above = h("div"), below = h("div");
  el.classList.add("mtf-feed");
  el.replaceChildren(above, below);
  const form = new Form(above, model);
  const stop = render({ model, el: below });
  const checked = () => form.show();
  const heard = (message) => form.heard(message);
  const said = () => {
    form.answered();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (model.get("status").play && !calm) below.querySelector(".mtf-btn.play[aria-label='Play']")?.click();
  };
  model.on("change:checks", checked);
  model.on("change:texts", checked);
  model.on("change:status", said);
  model.on("msg:custom", heard);
  model.send?.({ do: "hello" });
  return () => {
    stop();
    form.close();
    model.off("change:checks", checked);
    model.off("change:texts", checked);
    model.off("change:status", said);
    model.off("msg:custom", heard);
  };
}

export default { render: renderForm };
