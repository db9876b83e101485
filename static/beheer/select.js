// The search fields of Django's autocomplete have no names; give each that of its field.
const name = (container) => {
  const select = container.previousElementSibling;
  const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  const text = label ? label.textContent.replace(/[:\s]+$/, "").trim() : "";
  if (!text) return;
  for (const field of container.querySelectorAll(".select2-search__field, .select2-selection--single")) {
    field.setAttribute("aria-label", text);
  }
  for (const shown of container.querySelectorAll(".select2-selection__rendered, .select2-selection__rendered > li")) {
    shown.setAttribute("role", "presentation");
    shown.removeAttribute("aria-readonly");
  }
};

const nameAll = () => document.querySelectorAll(".select2-container").forEach(name);

window.addEventListener("load", () => {
  nameAll();
  // A choice made, or a row added, draws the field anew.
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
});
