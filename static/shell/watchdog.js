/**
 * Says what is wrong when the page does not start, in the words of templates/trouble.html. A script of its own in the
 * language of old browsers, since what it reports may be that modules cannot be read or fetched.
 */
(function () {
  "use strict";
  /** How long a page may load before it says that it still does, in milliseconds. */
  var PATIENCE = 12000;
  var begun = Date.now();
  var what = "";
  /** @type {string | null} what has been said */ var said = null;

  function started() {
    var session = /** @type {{descent?: {spec?: unknown, notice?: unknown}}} */ (window).descent;
    return !document.querySelector(".boot") && Boolean(session && (session.spec || session.notice));
  }

  function old() {
    if (!window.HTMLScriptElement || !HTMLScriptElement.supports || !HTMLScriptElement.supports("importmap"))
      return true;
    return !CSS.supports("container-type", "size"); // its parts would lie over each other
  }

  function stage() {
    if (old()) return "old";
    if (what) return "failed";
    if (Date.now() - begun < PATIENCE) return null;
    return customElements.get("d-app") ? "silent" : "slow";
  }

  /** @param {string | null} now */
  function say(now) {
    var place = document.getElementById("trouble");
    if (now === said || !place) return;
    said = now;
    place.hidden = now === null;
    var words = place.querySelectorAll("[data-when]");
    for (var i = 0; i < words.length; i++)
      /** @type {HTMLElement} */ (words[i]).hidden = words[i].getAttribute("data-when") !== now;
    var told = place.querySelector("code");
    if (told) told.textContent = now === "failed" ? what : "";
  }

  /** @param {string} text */
  function note(text) {
    what = what || text;
  }

  /** @param {ErrorEvent} event */
  function hear(event) {
    var target = /** @type {{src?: string} | null} */ (event.target);
    note(event.message || (target && target.src) || "");
  }
  // Also of files that cannot be had: that is told to nobody but their elements.
  window.addEventListener("error", hear, true);
  window.addEventListener("unhandledrejection", function (event) {
    note(String((event.reason && event.reason.message) || event.reason));
  });
  document.addEventListener("click", function (event) {
    var target = /** @type {Element | null} */ (event.target);
    if (target && target.getAttribute("data-control") === "try_again") location.reload();
  });
  var clock = setInterval(function () {
    if (started()) clearInterval(clock);
    say(started() ? null : stage());
  }, 250);
})();
