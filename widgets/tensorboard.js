// A frame with TensorBoard in it, or a word on why there is none.
function render({ model, el }) {
  const box = document.createElement("section");
  box.className = "mtf-tb";
  el.append(box);

  const url = () => {
    const found = new URL(model.get("address"), window.location.href);
    if (model.get("port")) {
      found.protocol = "http:";
      found.port = model.get("port");
    }
    return found.href;
  };

  const say = (...words) => {
    const line = document.createElement("p");
    line.append(...words);
    box.replaceChildren(line);
  };

  const name = () => {
    const code = document.createElement("code");
    code.textContent = model.get("folder");
    return code;
  };

  const frame = () => {
    const made = document.createElement("iframe");
    const dark = document.body.dataset.jpThemeLight === "false";
    made.src = url() + (dark ? "?darkMode=true" : "");
    made.height = model.get("height");
    made.title = `TensorBoard of ${model.get("folder")}`;
    const link = document.createElement("a");
    link.href = url();
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "open in a tab of its own";
    const head = document.createElement("p");
    head.append("TensorBoard of ", name(), " · ", link);
    box.replaceChildren(head, made);
  };

  const show = async () => {
    if (model.get("stopped")) {
      say("TensorBoard of ", name(), " was stopped. Run the cell again to see it.");
      return;
    }
    try {
      await fetch(url(), { mode: "no-cors", cache: "no-store" });
      frame();
    } catch {
      say("No TensorBoard of ", name(), " is running. Run the cell again to see it.");
    }
  };

  model.on("change:stopped", show);
  show();
  return () => model.off("change:stopped", show);
}

export default { render };
