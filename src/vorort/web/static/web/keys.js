// The key / leads into the search field, unless somebody is just writing.
"use strict";
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  const at = event.target;
  if (!field || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName)) return;
  event.preventDefault();
  field.focus();
  field.select();
});
