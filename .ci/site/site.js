// Stories play, themes switch, folded results open: all of it without a request.
const themes = ["system", "light", "dark"];
const remembered = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* pages of a folder may not */ } },
};

function setTheme(name) {
  const root = document.documentElement;
  root.dataset.theme = name;
  // The players ask the body, as in JupyterLab.
  if (name === "system") delete document.body.dataset.jpThemeLight;
  else document.body.dataset.jpThemeLight = String(name === "light");
  themeButton.querySelector("span").textContent = name;
  remembered.set("minitf-theme", name);
}

const themeButton = document.getElementById("theme");
themeButton.hidden = false;
themeButton.addEventListener("click", () => {
  const now = themes.indexOf(document.documentElement.dataset.theme);
  setTheme(themes[(now + 1) % themes.length]);
});
const asked = remembered.get("minitf-theme");
setTheme(themes.includes(asked) ? asked : "system");

const runs = [...document.querySelectorAll("details.run")];
const resultsButton = document.getElementById("results");
resultsButton.hidden = runs.length === 0;
resultsButton.addEventListener("click", () => {
  const open = resultsButton.getAttribute("aria-pressed") === "false";
  for (const run of runs) run.open = open;
  resultsButton.setAttribute("aria-pressed", String(open));
  resultsButton.textContent = open ? "Hide results again" : "Show all results";
});

const menu = document.querySelector("nav.lessons details");
const narrow = matchMedia("(max-width: 900px)");
const fold = () => { menu.open = !narrow.matches; };
fold();
narrow.addEventListener("change", fold);

for (const place of document.querySelectorAll(".story")) {
  const data = JSON.parse(place.nextElementSibling.textContent);
  const set = (key, value) => { data[key] = value; };
  const model = { get: (key) => data[key], set, on() {}, off() {}, save_changes() {} };
  place.replaceChildren();
  fronts[place.dataset.front]({ model, el: place });
}
