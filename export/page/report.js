//<![CDATA[
// What the report can do where scripts run: values under the pointer, and sliders over t.
// It reads the data beside it, asks for nothing, and writes text as text.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, parent, text, attributes = {}) => {
    const e = parent.namespaceURI === SVG ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    return parent.appendChild(e);
  };
  // 1.255e-07 is 1.255 × 10⁻⁷, as everywhere on the page.
  const typeset = s => s.replace(/([0-9)])e([-+]?)0*([0-9]+)/g, (_, digit, sign, n) => digit + " × 10" + (sign === "-" ? "⁻" : "") + [...n].map(d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join(""));
  const short = v => typeset(v !== 0 && (1e-3 > Math.abs(v) || Math.abs(v) >= 1e5) ? v.toExponential(3) : Number(v.toPrecision(4)).toString()).replaceAll("-", "−");
  const ink = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const tip = make("div", document.body, "", { class: "tip", role: "status", hidden: "" });
  const hide = () => { tip.hidden = true; };
  const tell = (ev, lines) => {
    tip.textContent = lines.join("\n");
    tip.hidden = false;
    const r = tip.getBoundingClientRect(), w = document.documentElement.clientWidth, h = document.documentElement.clientHeight;
    tip.style.left = Math.max(4, Math.min(ev.clientX + 14, w - r.width - 4)) + "px";
    tip.style.top = (ev.clientY + 18 + r.height > h ? Math.max(4, ev.clientY - r.height - 12) : ev.clientY + 18) + "px";
  };

  // Values of curves and points under the pointer.
  const points = (svg, panels) => {
    const size = svg.viewBox.baseVal;
    const ring = make("circle", svg, undefined, { r: 5, class: "ring", visibility: "hidden" });
    const leave = () => { hide(); ring.setAttribute("visibility", "hidden"); };
    svg.addEventListener("pointerleave", leave);
    svg.addEventListener("pointermove", ev => {
      const at = svg.getBoundingClientRect();
      const x = (ev.clientX - at.left) / at.width * size.width, y = (ev.clientY - at.top) / at.height * size.height;
      let best, least = 30 * 30;
      for (const p of panels) {
        if (x > p.box[0] - 8 && p.box[2] + 8 > x && y > p.box[1] - 8 && p.box[3] + 8 > y) {
          for (const s of p.series) for (const m of s.points) {
            const d = (m[0] - x) * (m[0] - x) + (m[1] - y) * (m[1] - y);
            if (least > d) [least, best] = [d, { p, s, m }];
          }
        }
      }
      if (!best) return leave();
      ring.setAttribute("cx", best.m[0]);
      ring.setAttribute("cy", best.m[1]);
      ring.setAttribute("visibility", "visible");
      const where = typeof best.m[2] === "number" ? short(best.m[2]) : best.m[2];
      tell(ev, [best.p.title, best.s.label, `${best.p.x} = ${where}: ${typeset(best.m[3])}`]);
    });
  };

  const slider = (box, most, step, value, label) => {
    const row = make("label", box, label + " ", { class: "slide" });
    const input = make("input", row, undefined, { type: "range", min: 0, max: most, step, "aria-label": label });
    input.value = value;
    return [input, make("output", row)];
  };

  // A slider over t on curves: a line in every panel, and what the curves are there.
  const overTime = (figure, svg, all) => {
    const panels = all.filter(p => p.x === "t" && p.series.length > 0);
    if (panels.length === 0) return;
    const last = Math.max(...panels.map(p => p.ends[1]));
    const box = make("div", figure, undefined, { class: "live" });
    const [input, out] = slider(box, last, last / 500, last / 4, "t");
    const lines = panels.map(p => make("line", svg, undefined, { y1: p.box[1], y2: p.box[3], class: "now" }));
    const fold = make("details", box);
    make("summary", fold, "values at t");
    const table = make("table", make("div", fold, undefined, { class: "scroll", tabindex: 0 }));
    const labels = [...new Set(panels.flatMap(p => p.series.map(s => s.label)))];
    const move = () => {
      const t = Number(input.value);
      out.textContent = "= " + short(t);
      panels.forEach((p, i) => {
        const x = p.box[0] + (t - p.ends[0]) / (p.ends[1] - p.ends[0]) * (p.box[2] - p.box[0]);
        lines[i].setAttribute("x1", Math.min(x, p.box[2]));
        lines[i].setAttribute("x2", Math.min(x, p.box[2]));
      });
      table.replaceChildren();
      const head = make("tr", make("thead", table));
      for (const h of ["", ...labels]) make("th", head, h, { scope: "col" });
      const body = make("tbody", table);
      for (const p of panels) {
        const row = make("tr", body);
        make("th", row, p.title, { scope: "row" });
        for (const l of labels) {
          const s = p.series.find(s => s.label === l), ms = s ? s.points : [];
          const end = ms.length > 0 ? ms[ms.length - 1][2] : -1;
          const near = ms.reduce((a, m) => a && Math.abs(m[2] - t) >= Math.abs(a[2] - t) ? a : m, undefined);
          make("td", row, near && end * (1 + 1e-9) >= t ? typeset(near[3]) : "–", { class: "num" });
        }
      }
    };
    input.addEventListener("input", move);
    move();
  };

  // The fields of a model over the ball, at a time.
  const fields = (box, views) => {
    box.hidden = false;
    let pick;
    if (views.length > 1) {
      pick = make("select", make("label", box, "model ", { class: "slide" }));
      views.forEach((v, i) => make("option", pick, v.name, { value: i }));
    }
    const control = make("div", box), panels = make("div", box, undefined, { class: "maps" });
    let show = () => {};
    const frames = f => f.frames.map(k => {
      const { low, high, values } = data.frames[k];
      const bytes = Uint8Array.from(atob(values), c => c.charCodeAt(0));
      return Float64Array.from(new Uint16Array(bytes.buffer), q => q === 65535 ? NaN : low + q / 65534 * (high - low));
    });
    const select = v => {
      control.replaceChildren();
      panels.replaceChildren();
      const plane = v.center.length > 1, n = v.nodes, [a2, ab, b2] = v.shape;
      // Of a place in units of half the box: less than 1 in the region.
      const far = (sx, sy) => a2 * sx * sx + 2 * ab * sx * sy + b2 * sy * sy;
      const decoded = v.fields.map(frames);
      decoded[1] = decoded[0].map((g, k) => g.map((x, i) => x - decoded[2][k][i]));
      // The value at a place in units of cells; a value that is missing is its neighbour's.
      const cut = (x) => Math.min(Math.max(x, 0), n - 1.000001);
      const value = (g, x, y) => {
        x = cut(x);
        const i = Math.floor(x), a = x - i;
        if (!plane) return isNaN(g[i]) ? g[i + 1] : isNaN(g[i + 1]) ? g[i] : g[i] * (1 - a) + g[i + 1] * a;
        y = cut(y);
        const j = Math.floor(y), b = y - j, k = j * n + i;
        return (g[k] * (1 - a) + g[k + 1] * a) * (1 - b) + (g[k + n] * (1 - a) + g[k + n + 1] * a) * b;
      };
      let now = v.first, input, out;
      const say = () => { if (out) out.textContent = `= ${short(v.times[now])}, n = ${v.steps[now]}`; };
      if (v.times.length > 1) {
        [input, out] = slider(control, v.times.length - 1, 1, now, "t");
        input.addEventListener("input", () => { now = Number(input.value); say(); paint(); });
        say();
      } else {
        make("p", control, `t = ${short(v.times[0])}, n = ${v.steps[0]}: the time of the largest gap`, { class: "sub" });
      }
      const shown = plane ? v.fields.map((f, i) => [i]) : [[0, 1], [2]];
      const drawings = shown.map(list => {
        const figure = make("figure", panels), plot = make("div", figure, undefined, { class: "plot" });
        // Labels at the ends of a side, and what it is of between them.
        const ends = (parent, kind, ...texts) => {
          const side = make("div", parent, undefined, { class: "ends " + kind });
          return texts.map(s => make("span", side, s));
        };
        const end = (k, sign) => short(v.center[k] + sign * v.half[k]);
        const sides = plane ? ends(plot, "up", end(1, 1), v.axes[1], end(1, -1)) : ends(plot, "up", "", "");
        const canvas = make("canvas", plot, undefined, { role: "img", "aria-label": list.map(i => v.fields[i].name).join(" and ") + " over the ball" });
        canvas.width = 480;
        canvas.height = plane ? 480 : 300;
        make("div", plot);
        ends(plot, "", end(0, -1), v.axes[0], end(0, 1));
        const bar = plane ? make("div", figure, undefined, { class: "bar" }) : undefined;
        if (bar) bar.style.background = `linear-gradient(to right, ${v.fields[list[0]].colors.join(", ")})`;
        const scale = plane ? ends(figure, "", "", "") : [sides[1], sides[0]];
        const caption = make("figcaption", figure);
        canvas.addEventListener("pointerleave", hide);
        canvas.addEventListener("pointermove", ev => {
          const r = canvas.getBoundingClientRect();
          const sx = (ev.clientX - r.left) / r.width * 2 - 1, sy = 1 - (ev.clientY - r.top) / r.height * 2;
          if (plane && far(sx, sy) > 1) return hide();
          const cx = (sx + 1) / 2 * (n - 1), cy = (sy + 1) / 2 * (n - 1);
          const at = v.axes.slice(0, plane ? 2 : 1).map((a, k) => `${a} = ${short(v.center[k] + v.half[k] * (k ? sy : sx))}`).join(", ");
          tell(ev, [at, ...v.fields.map((f, i) => `${f.name}: ${short(value(decoded[i][now], cx, cy))}`)]);
        });
        return { list, canvas, caption, scale };
      });
      const colorOf = (f, part) => {
        const at = part * (f.colors.length - 1);
        const k = Math.min(Math.floor(at), f.colors.length - 2), s = at - k;
        return [1, 3, 5].map(c => parseInt(f.colors[k].slice(c, c + 2), 16) * (1 - s) + parseInt(f.colors[k + 1].slice(c, c + 2), 16) * s);
      };
      const paintPlane = ({ list, canvas }) => {
        const f = v.fields[list[0]], g = decoded[list[0]][now], c = canvas.getContext("2d"), w = canvas.width;
        const table = Array.from({ length: 256 }, (_, k) => colorOf(f, k / 255)), [from, to] = f.ends[now];
        const img = c.createImageData(w, w);
        for (let j = 0; w > j; j++) for (let i = 0; w > i; i++) {
          const sx = (i + 0.5) / w * 2 - 1, sy = 1 - (j + 0.5) / w * 2;
          if (far(sx, sy) > 1) continue;
          const x = value(g, (sx + 1) / 2 * (n - 1), (sy + 1) / 2 * (n - 1));
          const q = Math.round(Math.min(Math.max((x - from) / (to - from), 0), 1) * 255);
          const color = table[q || 0], at = 4 * (j * w + i);
          for (let k = 0; 3 > k; k++) img.data[at + k] = color[k];
          img.data[at + 3] = 255;
        }
        c.putImageData(img, 0, 0);
        c.strokeStyle = ink("--ink");
        c.lineWidth = 2;
        c.beginPath();
        for (let k = 0; 360 > k; k++) {
          const x = Math.cos(k * Math.PI / 180), y = Math.sin(k * Math.PI / 180), r = (w / 2 - 1) / Math.sqrt(far(x, y));
          c.lineTo(w / 2 + r * x, w / 2 - r * y);
        }
        c.closePath();
        c.stroke();
      };
      const paintLine = ({ list, canvas }, low, high) => {
        const c = canvas.getContext("2d"), w = canvas.width, h = canvas.height, pad = 4;
        c.clearRect(0, 0, w, h);
        c.strokeStyle = ink("--soft");
        c.lineWidth = 1;
        c.strokeRect(0.5, 0.5, w - 1, h - 1);
        const y = x => high > low ? h - pad - (x - low) / (high - low) * (h - 2 * pad) : h / 2;
        if (low < 0 && high > 0) { c.beginPath(); c.moveTo(0, y(0)); c.lineTo(w, y(0)); c.stroke(); }
        list.forEach((k, nth) => {
          const g = decoded[k][now];
          c.strokeStyle = ink(list.length === 2 && nth === 1 ? "--ink" : "--link");
          c.lineWidth = list.length === 2 && nth === 0 ? 6 : 2.5;
          c.beginPath();
          let down = false;
          g.forEach((x, i) => { if (isNaN(x)) { down = false; return; } c[down ? "lineTo" : "moveTo"](i / (n - 1) * w, y(x)); down = true; });
          c.stroke();
        });
      };
      const paint = () => drawings.forEach(d => {
        const low = Math.min(...d.list.map(i => v.fields[i].low[now])), high = Math.max(...d.list.map(i => v.fields[i].high[now]));
        d.caption.textContent = `${d.list.map(i => v.fields[i].name).join(" (wide), ")}: ${short(low)} to ${short(high)}`;
        (plane ? v.fields[d.list[0]].ends[now] : [low, high]).forEach((x, i) => { d.scale[i].textContent = short(x); });
        (plane ? paintPlane : paintLine)(d, low, high);
      });
      paint();
      show = paint;
    };
    if (pick) pick.addEventListener("change", () => select(views[Number(pick.value)]));
    select(views[0]);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show());
  };

  document.querySelectorAll("figure[data-marks]").forEach(figure => {
    const panels = data.marks[Number(figure.dataset.marks)], svg = figure.querySelector("svg");
    if (!svg || !panels || panels.length === 0) return;
    points(svg, panels);
    overTime(figure, svg, panels);
  });
  const box = document.getElementById("fields-live");
  if (box && data.views && data.views.length > 0) fields(box, data.views);

  // A link into a folded part opens it.
  const open = () => {
    const e = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (e && e.closest("details")) e.closest("details").open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
//]]>
