// A place to type or pick lines, below the story's code; the kernel runs them and tells the story.

// What stands between the bars is selected, so that only the name has to be typed.
const PICKS = [
  ["name scope", 'with tf.name_scope("|a|"):'],
  ["variable scope", 'with tf.variable_scope("|a|"):'],
  ["… reuse=True", 'with tf.variable_scope("|a|", reuse=True):'],
  ["… AUTO_REUSE", 'with tf.variable_scope("|a|", reuse=tf.AUTO_REUSE):'],
  ["Variable", 'tf.Variable(1, name="|v|")'],
  ["get_variable", 'tf.get_variable("|v|", [1])'],
  ["an op", 'tf.constant(1, name="|c|")'],
];
const PATIENCE = 8000;

class Lab {
  constructor(model) {
    Object.assign(this, { model, said: [], at: 0, waiting: null, queue: [] });
    this.input = h("input", { type: "text", class: "typed", autocomplete: "off", spellcheck: "false",
      autocapitalize: "off", "aria-label": "A line of code", placeholder: "type a line or pick one below",
      onkeydown: (e) => this.key(e), onpaste: (e) => this.paste(e) });
    this.prompt = h("span", { class: "prompt", "aria-hidden": "true" });
    this.status = h("p", { class: "said", role: "status" });
    const picks = PICKS.map(([label, text]) => this.pick(label, text));
    this.leave = this.act("Close scope", "leave", "Backspace in an empty line does it too");
    this.undo = this.act("Undo", "undo", "Take the last line back");
    this.clear = this.act("Start again", "clear", "Take every line back");
    const line = h("div", { class: "line" }, this.prompt, this.input,
      h("button", { type: "submit", class: "add" }, "Add"));
    this.root = h("form", { class: "lab", "aria-label": "Type or pick a line", onsubmit: (e) => this.submit(e) },
      line, this.status, h("div", { class: "picks", role: "group", "aria-label": "Lines to pick" }, ...picks),
      h("div", { class: "picks", role: "group", "aria-label": "The program" }, this.leave, this.undo, this.clear));
    this.show();
  }

  pick(label, text) {
    const [before, name, after] = text.split("|");
    return h("button", { type: "button", class: "pick", title: before + name + after, onclick: () => {
      this.input.value = before + name + after;
      this.input.focus({ preventScroll: true });
      this.input.setSelectionRange(before.length, before.length + name.length);
    } }, label);
  }

  act(label, what, title) {
    return h("button", { type: "button", class: "act", title, onclick: () => this.ask({ do: what }) }, label);
  }

  submit(e) {
    e.preventDefault();
    this.say(this.input.value);
  }

  say(text) {
    if (!text.trim()) return;
    this.said.push(text);
    this.at = this.said.length;
    this.input.value = "";
    this.ask({ do: "add", text });
  }

  paste(e) { // several lines at once
    const text = e.clipboardData.getData("text/plain");
    if (!text.trim().includes("\n")) return;
    e.preventDefault();
    this.say(text);
  }

  key(e) {
    e.stopPropagation(); // the player's own keys are not meant here
    const back = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0;
    if (back) {
      this.at = Math.min(Math.max(this.at + back, 0), this.said.length);
      this.input.value = this.said[this.at] ?? "";
      e.preventDefault();
    }
    if (e.key === "Backspace" && !this.input.value && this.model.get("lab").depth) this.ask({ do: "leave" });
  }

  ask(message) {
    if (this.waiting !== null) return this.queue.push(message); // typed faster than it is told
    this.root.setAttribute("aria-busy", "true");
    this.waiting = setTimeout(() => {
      this.rest();
      this.queue = [];
      this.tell("The kernel does not answer. Run the cell again to go on.", true);
    }, PATIENCE);
    this.model.send(message);
  }

  rest() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.root.removeAttribute("aria-busy");
  }

  // What the kernel says now: how deep the next line stands, and why a line was not taken.
  show() {
    const { depth, message, text, lines } = this.model.get("lab");
    this.rest();
    this.prompt.textContent = depth ? "..." : ">>>";
    this.prompt.style.paddingLeft = `${Math.min(depth, 6) * 14}px`;
    this.leave.disabled = !depth;
    this.undo.disabled = this.clear.disabled = !lines;
    this.tell(message, !!text);
    if (text && !this.input.value && !text.includes("\n")) this.input.value = text;
    if (this.queue.length) this.ask(this.queue.shift());
  }

  tell(words, bad) {
    this.status.textContent = words;
    this.status.classList.toggle("bad", bad);
  }
}

function renderLab({ model, el }) {
  const lab = new Lab(model);
  const show = () => lab.show();
  model.on("change:lab", show);
  let typing = false; // a new story builds the player anew, and the learner goes on typing
  const before = () => { typing = lab.root.contains(document.activeElement); };
  const stop = render({ model, el }, (player) => {
    player.side.append(lab.root);
    player.root.style.setProperty("--side", "44%");
    if (typing) lab.input.focus({ preventScroll: true });
  }, before);
  return () => {
    lab.rest();
    model.off("change:lab", show);
    stop();
  };
}

export default { render: renderLab };
