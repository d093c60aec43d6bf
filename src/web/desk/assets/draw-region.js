// Lets a person draw a region on the picture of a page, and writes where it stands into the form beside it.
//
// Hooks in the markup: [data-draw] with data-width and data-height (points) around the picture; [data-region] is the form with the
// fields left, top, width and height. Without this script the numbers are typed.

const figure = document.querySelector("[data-draw]");
const form = document.querySelector("[data-region]");

/** Where the pointer is, in points of the page, never outside it. */
function pointOf(event, image) {
  const shown = image.getBoundingClientRect();
  const within = (at, size) => Math.min(Math.max(at, 0), size);
  return {
    x: (within(event.clientX - shown.left, shown.width) / shown.width) * Number(figure.dataset.width),
    y: (within(event.clientY - shown.top, shown.height) / shown.height) * Number(figure.dataset.height),
  };
}

function boxOf(one, other) {
  return { left: Math.min(one.x, other.x), top: Math.min(one.y, other.y), width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

function show(mark, box, image) {
  const [wide, high] = [image.offsetWidth / Number(figure.dataset.width), image.offsetHeight / Number(figure.dataset.height)];
  mark.hidden = false;
  mark.style.left = `${image.offsetLeft + box.left * wide}px`;
  mark.style.top = `${image.offsetTop + box.top * high}px`;
  mark.style.width = `${box.width * wide}px`;
  mark.style.height = `${box.height * high}px`;
}

function write(box) {
  for (const [name, points] of Object.entries(box)) form.elements[name].value = String(Math.round(points * 10) / 10);
}

function written() {
  const box = Object.fromEntries(["left", "top", "width", "height"].map((name) => [name, Number(form.elements[name].value)]));
  return box.width > 0 && box.height > 0 ? box : undefined;
}

function openDrawing() {
  const image = figure.querySelector("img");
  const mark = document.createElement("div");
  mark.className = "desk-mark";
  mark.hidden = true;
  figure.append(mark);
  figure.classList.add("desk-draw");
  let start;
  const follow = () => {
    const box = written();
    if (box === undefined) mark.hidden = true;
    else show(mark, box, image);
  };
  image.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    image.setPointerCapture(event.pointerId);
    start = pointOf(event, image);
  });
  image.addEventListener("pointermove", (event) => {
    if (start === undefined) return;
    write(boxOf(start, pointOf(event, image)));
    follow();
  });
  const end = () => {
    if (start === undefined) return;
    start = undefined;
    form.querySelector("[data-said]").textContent = "Drawn. Choose the reason and mark the region.";
  };
  image.addEventListener("pointerup", end);
  image.addEventListener("pointercancel", end);
  form.addEventListener("input", follow);
  window.addEventListener("resize", follow);
  follow();
}

if (figure !== null && form !== null) openDrawing();
