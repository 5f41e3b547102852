// Type size and colours as last chosen, set before the page is drawn. Storage may be blocked: then nothing is remembered.
(() => {
  try {
    if (localStorage.getItem("sotay.large") === "1") document.documentElement.classList.add("large");
    const theme = localStorage.getItem("sotay.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch { /* private window */ }
})();
