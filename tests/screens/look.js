// What a careful reader of the page would complain of. Evaluated in the page; returns sentences.
(narrow) => {
  const said = [];
  const count = (selector) => document.querySelectorAll(selector).length;
  const named = (element) => element.outerHTML.slice(0, 90);
  const visible = (element) => element.getClientRects().length > 0;

  if (count("h1") !== 1) said.push(`${count("h1")} h1`);
  if (count("main") !== 1) said.push(`${count("main")} main`);
  if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) said.push(`lang is ${document.documentElement.lang}`);
  if (!document.title.trim()) said.push("no title");

  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) !== i))) said.push(`two elements are #${id}`);
  for (const each of document.querySelectorAll("img:not([alt])")) said.push(`no alt: ${named(each)}`);
  for (const each of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!each.labels.length && !each.ariaLabel && !each.getAttribute("aria-labelledby")) said.push(`no label: ${named(each)}`);
  }
  for (const each of document.querySelectorAll("a[href], button")) {
    if (visible(each) && !each.textContent.trim() && !each.ariaLabel && !each.querySelector("img[alt]:not([alt='']), svg[aria-label]")) said.push(`no name: ${named(each)}`);
  }
  for (const each of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
    for (const id of `${each.getAttribute("aria-describedby") ?? ""} ${each.getAttribute("aria-labelledby") ?? ""}`.trim().split(/\s+/)) {
      if (!document.getElementById(id)) said.push(`#${id} is described by nothing: ${named(each)}`);
    }
  }

  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room) {
    const wide = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > room + 1);
    said.push(`${document.documentElement.scrollWidth} px wide: ${wide.slice(-2).map(named).join(" | ")}`);
  }
  return [...said, ...faint(), ...(narrow ? small() : [])];

  function small() {
    const pressed = [...document.querySelectorAll("main button, main .button, .site-tabs a")].filter(visible);
    return pressed.filter((each) => each.getBoundingClientRect().height < 43.5).map((each) => `too small to press: ${named(each)}`);
  }

  function faint() {
    const texts = [...document.querySelectorAll("body *")].filter(
      (each) => visible(each) && !each.disabled && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
    );
    return texts.filter((each) => contrast(each) < 4.45).map((each) => `contrast ${contrast(each).toFixed(2)}: ${named(each)}`);
  }

  function contrast(element) {
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  function ground(element) {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/(, 0\)|transparent)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  }

  function luminance(colour) {
    const linear = colour.match(/[\d.]+/g).slice(0, 3).map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
}
