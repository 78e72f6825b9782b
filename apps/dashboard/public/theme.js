/*
 * Sets the theme before the first paint. A classic script file, because the page allows nothing inline.
 * The page changes the choice through window.urumiTheme; a choice of "system" follows the system while the page is open.
 */
(function () {
  var key = 'urumi-theme';
  var dark = window.matchMedia('(prefers-color-scheme: dark)');

  function readChoice() {
    try {
      var stored = window.localStorage.getItem(key);
      return stored === 'light' || stored === 'dark' ? stored : 'system';
    } catch {
      // Storage is switched off in this browser: follow the system.
      return 'system';
    }
  }

  var choice = readChoice();

  function paint() {
    var theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    document.documentElement.dataset.theme = theme;
  }

  window.urumiTheme = {
    read: function () {
      return choice;
    },
    choose: function (next) {
      choice = next;
      paint();
      try {
        window.localStorage.setItem(key, next);
      } catch {
        // The choice then lasts as long as the page.
      }
    },
  };

  dark.addEventListener('change', paint);
  paint();
})();
