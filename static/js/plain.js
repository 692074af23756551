// Browsers of 2021 know no cascade layers and drop our style sheets whole: they get the same ones in older words.
// Written into the page while it is read, so that it is not seen bare first.
if (!window.CSS || !CSS.supports("color", "light-dark(#000, #fff)")) {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    const [, name, version] = link.href.match(/\/css\/([a-z_]+)\.css(\?v=\w+)?/) || [];
    if (name) document.write(`<link rel="stylesheet" href="/plain/${name}.css${version || ""}">`);
  }
}
