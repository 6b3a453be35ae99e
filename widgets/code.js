// The learner's code beside the picture: the current line, those reached, and clicks on them.

class CodePane {
  constructor(lines, onclick) {
    this.first = lines.map((line, i) => line.of ?? i); // of a statement in several lines
    this.lines = lines.map((line, i) => {
      const text = h("code");
      const before = line.pieces[0]?.[1].match(/^ */)[0].length ?? 0;
      text.style.setProperty("--in", `${before + 4}ch`);
      for (const [name, words] of line.pieces) text.append(name ? h("span", { class: name }, words) : words);
      return h("button", { type: "button", class: "ln", tabindex: i ? -1 : 0, title: text.textContent.trim(),
        onclick: () => onclick(i, this.first[i]) },
        h("span", { class: "no" }, line.n === undefined ? "" : String(line.n)), text);
    });
    this.root = h("div", { class: "code", role: "group", "aria-label": "code" }, ...this.lines);
  }

  current(line, reached, bad) {
    this.lines.forEach((node, i) => {
      const here = i === line || this.first[i] === line;
      node.classList.toggle("done", this.first[i] <= reached);
      node.classList.toggle("cur", here);
      node.classList.toggle("bad", here && !!bad);
      node.classList.remove("hit");
      i === line ? node.setAttribute("aria-current", "step") : node.removeAttribute("aria-current");
    });
    this.into(this.lines[line]);
  }

  point(line) { // at the line that made what was clicked
    if (!this.lines[line]) return;
    this.lines.forEach((node, i) => node.classList.toggle("hit", i === line || this.first[i] === line));
    this.into(this.lines[line]);
  }

  into(node) { // scroll the code, never the page
    if (!node) return;
    const box = this.root;
    if (node.offsetTop < box.scrollTop + 20) box.scrollTop = node.offsetTop - 40;
    const end = node.offsetTop + node.offsetHeight;
    if (end > box.scrollTop + box.clientHeight - 20) box.scrollTop = end - box.clientHeight + 40;
  }

  keys(target) { // up and down walk through the lines
    const at = this.lines.indexOf(target);
    if (at < 0) return {};
    const to = (i) => this.lines[Math.min(Math.max(i, 0), this.lines.length - 1)].focus();
    return { ArrowDown: () => to(at + 1), ArrowUp: () => to(at - 1) };
  }
}
