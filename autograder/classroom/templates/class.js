"use strict";
document.documentElement.classList.add("with-script");
const table = document.getElementById("students");
const body = table.tBodies[0];
const rows = [...body.rows];
const search = document.getElementById("search");
const status_ = document.getElementById("status");
const shown = document.getElementById("shown");

function filter() {
  const wanted = search.value.toLowerCase().trim();
  let count = 0;
  for (const row of rows) {
    const fits = row.textContent.toLowerCase().includes(wanted) && (!status_.value || row.dataset.status === status_.value);
    row.hidden = !fits;
    count += fits;
  }
  shown.textContent = `${count} of ${rows.length} rows`;
}

function sort(header) {
  const place = header.cellIndex;
  const descending = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const key = row => row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
  const numeric = "number" in header.dataset;
  const compare = (left, right) => {
    const [a, b] = [key(left), key(right)];
    if (a === "" || b === "") return (a === "") - (b === ""); // what is empty stands last, whichever way
    const order = numeric ? a - b : a.localeCompare(b, undefined, { numeric: true });
    return descending ? -order : order;
  };
  rows.sort(compare);
  body.append(...rows);
}

search.addEventListener("input", filter);
status_.addEventListener("change", filter);
for (const header of table.tHead.rows[0].cells) {
  header.querySelector("button").addEventListener("click", () => sort(header));
}
// On paper nothing can be opened.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(part => { part.open = true; }));
filter();
