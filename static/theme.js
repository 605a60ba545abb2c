// Sets the stored choice of theme before the first paint. Loaded in the head,
// without defer, because a flash of the wrong theme hurts under rack light.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("fieldline.theme");
  } catch {
    // A frame without storage follows the system.
  }
  if (choice === "light" || choice === "dark") {
    document.documentElement.dataset.theme = choice;
  }
  document.documentElement.classList.add("js");
})();
